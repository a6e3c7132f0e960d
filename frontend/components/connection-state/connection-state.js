// SPDX-License-Identifier: Apache-2.0
import { element, say } from "../element.js";
import { clock } from "../format.js";

/** @typedef {import("../../client/reconnecting.js").State} State */

const NAMES = {
  closed: "Closed",
  connecting: "Connecting",
  open: "Open",
  reconnecting: "Reconnecting",
  failed: "Failed",
  denied: "Denied",
  expired: "Expired",
};

/** Shows the state of a connection. Screen readers announce changes of the state, but not the countdown to the next try. */
export class ConnectionState extends HTMLElement {
  #name = element("strong", { class: "state-name" });
  #countdown = element("span", { class: "countdown", role: "timer", "aria-live": "off" });
  #reason = element("span", { class: "reason" });
  #output = element("output", { "data-part": "state" }, this.#name, " ", this.#countdown, " ", this.#reason);

  /** @param {State} state */
  set state(state) {
    this.#output.dataset.state = state.name;
    say(this.#name, NAMES[state.name]);
    say(this.#reason, detail(state));
    say(this.#countdown, "at" in state && state.at !== undefined ? next(state.at - performance.now()) : "");
  }

  connectedCallback() {
    this.replaceChildren(this.#output);
  }
}

/** @param {number} wait milliseconds */
function next(wait) {
  return wait > 0 ? `next try in ${(wait / 1000).toFixed(1)} s` : "trying now";
}

/** @param {State} state */
function detail(state) {
  switch (state.name) {
    case "closed":
      return "Not connected";
    case "connecting":
      return "Waiting for an answer";
    case "open":
      return `Since ${clock(new Date(performance.timeOrigin + state.since))}`;
    default:
      return state.reason;
  }
}
