// SPDX-License-Identifier: Apache-2.0
import { spoken } from "../../client/survive/durations.js";
import { NAMES } from "../../client/survive/trial.js";
import { element, say } from "../element.js";

/** @typedef {import("../../client/survive/trial.js").Transport} Transport */
/** @typedef {import("../../client/survive/trial.js").Plan} Plan */

/**
 * A connection on the time axis, in milliseconds since the survey began. Properties of later events are undefined.
 * @typedef {Plan & {opened?: number, silentFrom?: number, ended?: number, outcome?: string}} Span
 */

const MARKS = new Map([
  ["survived", ["✓", "survived"]],
  ["cut", ["✕", "was cut"]],
  ["dropped", ["?", "was dropped without a notice"]],
  ["refused", ["–", "was refused"]],
]);

/** A group of bars per transport, one bar per connection, on one time axis. */
export class TrialChart extends HTMLElement {
  #columns = element("div", { class: "trial-columns" });
  #legend = element(
    "p",
    { class: "trial-legend" },
    element("span", { class: "trial-key", "data-key": "silence" }), "silent ",
    element("span", { class: "trial-key", "data-key": "heartbeat" }), "only a heartbeat ",
    ...[...MARKS.values()].map(([sign, meaning]) => `${sign} ${meaning} `),
  );

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#columns, this.#legend);
  }

  /**
   * @param {readonly Transport[]} transports
   * @param {readonly Span[]} spans
   * @param {number} [now] where those are that have not ended
   */
  draw(transports, spans, now) {
    const end = Math.max(1, ...spans.map((span) => span.ended ?? Math.max(now ?? 0, planned(span))));
    this.#columns.role = "img";
    this.#columns.ariaLabel = summary(transports, spans);
    this.#columns.replaceChildren(...transports.map((transport) =>
      column(transport, spans.filter((span) => span.transport === transport), end, now)));
  }
}

/** @param {Span} span */
function planned({ opened, silence }) {
  return opened === undefined ? 0 : opened + silence;
}

/**
 * @param {Transport} transport
 * @param {Span[]} spans
 * @param {number} end of the time axis
 * @param {number | undefined} now
 */
function column(transport, spans, end, now) {
  const made = element("div", { class: "trial-column", "data-transport": transport });
  made.append(element("p", { class: "trial-transport" }, NAMES[transport]), ...spans.map((span) => line(span, end, now)));
  made.append(element("div", { class: "trial-axis" }, element("span", {}, "0"), element("span", {}, spoken(end))));
  return made;
}

/**
 * @param {Span} span
 * @param {number} end
 * @param {number | undefined} now
 */
function line(span, end, now) {
  const { silence, heartbeat, opened, silentFrom = opened, ended = opened === undefined ? undefined : now, outcome } = span;
  const track = element("span", { class: "trial-track" });
  const name = heartbeat === undefined ? spoken(silence) : `${spoken(silence)} ♥ ${spoken(heartbeat)}`;
  if (opened !== undefined && silentFrom !== undefined && ended !== undefined) {
    if (outcome === undefined) track.append(bar("planned", opened, planned(span), end));
    track.append(
      bar("talking", opened, silentFrom, end),
      bar(heartbeat === undefined ? "silence" : "heartbeat", silentFrom, ended, end),
      ...(outcome === undefined ? [] : [mark(outcome, ended, end)]),
    );
  }
  return element("div", { class: "trial-line", "data-outcome": outcome ?? (opened === undefined ? "waiting" : "running") },
    element("span", { class: "trial-name" }, name), track);
}

/**
 * @param {string} kind
 * @param {number} from
 * @param {number} to
 * @param {number} end
 */
function bar(kind, from, to, end) {
  const made = element("span", { class: "trial-bar", "data-kind": kind });
  made.style.left = `${(100 * from) / end}%`;
  made.style.width = `${(100 * Math.max(0, to - from)) / end}%`;
  return made;
}

/**
 * @param {string} outcome
 * @param {number} at
 * @param {number} end
 */
function mark(outcome, at, end) {
  const made = element("span", { class: "trial-mark" });
  say(made, MARKS.get(outcome)?.[0] ?? "");
  made.style.left = `${(100 * at) / end}%`;
  return made;
}

/**
 * @param {readonly Transport[]} transports
 * @param {readonly Span[]} spans
 */
function summary(transports, spans) {
  return transports.map((transport) => {
    const own = spans.filter((span) => span.transport === transport && span.outcome !== undefined);
    const lines = own.map(({ silence, outcome = "" }) => `${spoken(silence)} ${MARKS.get(outcome)?.[1]}`);
    return `${NAMES[transport]}: ${lines.join(", ") || "nothing yet"}.`;
  }).join(" ");
}
