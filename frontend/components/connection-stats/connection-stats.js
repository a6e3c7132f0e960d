// SPDX-License-Identifier: Apache-2.0
import { element, say } from "../element.js";
import { age, bytes, count, milliseconds } from "../format.js";

/** @typedef {import("../../client/conversation.js").Conversation} Conversation */

/**
 * @typedef {object} Figure
 * @property {string} part
 * @property {string} name
 * @property {(conversation: Conversation) => number | undefined} read
 * @property {(value: any) => string} show
 */

/** @type {Figure[]} */
const FIGURES = [
  { part: "age", name: "Open for", read: openFor, show: (value) => (value === undefined ? "–" : age(value)) },
  { part: "rtt", name: "Round trip", read: ({ roundTrips }) => roundTrips.last, show: milliseconds },
  { part: "rtt-min", name: "Minimum", read: ({ roundTrips }) => roundTrips.min, show: milliseconds },
  { part: "rtt-median", name: "Median", read: ({ roundTrips }) => roundTrips.median, show: milliseconds },
  { part: "messages-in", name: "{unit} in", read: ({ traffic }) => traffic.messagesIn, show: count },
  { part: "messages-out", name: "{unit} out", read: ({ traffic }) => traffic.messagesOut, show: count },
  { part: "bytes-in", name: "Bytes in", read: ({ traffic }) => traffic.bytesIn, show: bytes },
  { part: "bytes-out", name: "Bytes out", read: ({ traffic }) => traffic.bytesOut, show: bytes },
];

/** The figures of a connection. `data-value` has each raw value, times in milliseconds; it is empty while unknown. */
export class ConnectionStats extends HTMLElement {
  #unit = "Messages";
  /** @type {{figure: Figure, value: HTMLElement}[]} */
  #rows = [];

  /** @param {string} unit what is counted beside bytes */
  set unit(unit) {
    this.#unit = unit;
  }

  /** @param {Conversation} conversation */
  set figures(conversation) {
    for (const { figure, value } of this.#rows) {
      const number = figure.read(conversation);
      say(value, figure.show(number));
      value.dataset.value = number === undefined ? "" : String(Number(number.toFixed(3)));
    }
  }

  connectedCallback() {
    const list = element("dl", { class: "figures" });
    this.#rows = FIGURES.map((figure) => {
      const value = element("dd", { "data-part": figure.part, "data-value": "" }, "–");
      list.append(element("div", {}, element("dt", {}, figure.name.replace("{unit}", this.#unit)), value));
      return { figure, value };
    });
    this.replaceChildren(list);
  }
}

/** @param {Conversation} conversation */
function openFor({ state }) {
  return state.name === "open" ? Math.round(performance.now() - state.since) : undefined;
}
