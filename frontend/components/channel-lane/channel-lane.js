// SPDX-License-Identifier: Apache-2.0
import { ConnectionState } from "../connection-state/connection-state.js";
import { element, say } from "../element.js";
import { EventLog } from "../event-log/event-log.js";
import { count, milliseconds } from "../format.js";

/** @typedef {import("../../client/channel-lane.js").ChannelLane} Lane */

/**
 * @typedef {object} Figure
 * @property {string} part
 * @property {string} name
 * @property {(lane: Lane) => number | undefined} read
 * @property {(value: any) => string} show
 */

/** @type {Figure[]} */
const FIGURES = [
  { part: "messages", name: "Messages", read: ({ messages }) => messages, show: count },
  { part: "resumed", name: "Resumed", read: ({ resumed }) => resumed, show: count },
  { part: "lost", name: "Lost", read: ({ lost }) => lost, show: count },
  { part: "latency-median", name: "Median delay", read: ({ latencies }) => latencies.median, show: milliseconds },
  { part: "latency-max", name: "Longest delay", read: ({ latencies }) => latencies.max, show: milliseconds },
];

/** One subscriber of the channel: its state, its messages, and a button that disconnects it. */
export class ChannelLaneView extends HTMLElement {
  #lane;
  #state = new ConnectionState();
  #position = element("dd", { "data-part": "position" }, "–");
  #values = FIGURES.map(({ part }) => element("dd", { "data-part": part, "data-value": "" }, "–"));
  #cut = element("button", { type: "button", "data-part": "cut", disabled: true }, "Cut");
  #log = new EventLog();
  #listeners = new AbortController();

  /**
   * @param {Lane} lane
   * @param {{id: string, title: string, endpoint: string}} caption
   */
  constructor(lane, { id, title, endpoint }) {
    super();
    this.#lane = lane;
    this.id = id;
    const heading = element("h3", { id: `${id}-title` }, title);
    this.#cut.setAttribute("aria-describedby", heading.id);
    this.#log.label = `${title} messages`;
    this.#log.journal = lane.journal;
    const figures = element("dl", { class: "figures" });
    const row = (/** @type {string} */ name, /** @type {HTMLElement} */ value) =>
      figures.append(element("div", {}, element("dt", {}, name), value));
    row("Position", this.#position);
    FIGURES.forEach(({ name }, at) => row(name, this.#values[at]));
    this.append(element("header", {}, heading, element("code", {}, endpoint)), this.#state, figures, this.#cut, this.#log);
    this.setAttribute("role", "group");
    this.setAttribute("aria-labelledby", heading.id);
  }

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#cut.addEventListener("click", () => (this.#lane.wanted ? this.#lane.cut() : this.#lane.reconnect()), { signal });
    this.#lane.addEventListener("state", () => this.show(), { signal });
    this.show();
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {boolean} following whether there is anything to cut or to go on with */
  set following(following) {
    this.#cut.disabled = !following;
  }

  show() {
    const lane = this.#lane;
    this.#state.state = lane.state;
    say(this.#cut, lane.wanted || this.#cut.disabled ? "Cut" : "Reconnect");
    say(this.#position, lane.position ?? "–");
    FIGURES.forEach(({ read, show }, at) => {
      const number = read(lane);
      say(this.#values[at], number === undefined ? "–" : show(number));
      this.#values[at].dataset.value = number === undefined ? "" : String(Number(number.toFixed(3)));
    });
  }
}
