// SPDX-License-Identifier: Apache-2.0
import { closeReason } from "../../client/connection-list.js";
import { Session } from "../../client/session.js";
import { Timeline } from "../../client/timeline.js";
import { element, say, select } from "../element.js";
import { clock } from "../format.js";
import { VIEW_CHANGE } from "../view-nav/view-nav.js";
import { draw, legend } from "./drawing.js";

/** @typedef {import("../../client/conversation.js").Conversation} Conversation */
/** @typedef {import("../../client/timeline.js").Incident} Incident */

/**
 * @typedef {object} Source
 * @property {string} name
 * @property {string} transport
 * @property {string} row transport and kind of its connection in the server's list
 * @property {Conversation} conversation
 */

/** @typedef {Source & {timeline: Timeline, drawing: SVGSVGElement}} Lane */

const TICK = 250;

/** The most ends in the table. */
const MOST = 20;

/** How long a closed connection's reason is asked for after the end, in milliseconds. */
const RECENT = 5_000;

/** @type {Readonly<Record<import("../../client/reconnecting.js").By, string>>} */
const WHO = { service: "the service", page: "this page", between: "something between", unknown: "not told" };

/** Ends that the service has not caused, as its record calls them. */
const OF_PEER = ["client", "no-pong"];

/** @type {[name: string, show: (incident: Incident, now: number) => string][]} */
const COLUMNS = [
  ["What ended", ({ reason }) => reason],
  ["Closed by", ({ by, openFor }) => (openFor === undefined ? "–" : WHO[by])],
  ["Was open", ({ openFor }) => (openFor === undefined ? "never" : time(openFor))],
  ["Retries", ({ retries }) => String(retries.length)],
  ["Without connection", ({ at, over, outcome }, now) =>
    outcome === "stopped" ? "since then: no more tries" : `${time((over ?? now) - at)}${over === undefined ? " so far" : ""}`],
];

/** When several connections were open, and each of their ends: as a drawing over one time axis and as a table. */
export class EventTimeline extends HTMLElement {
  /** @type {Source[]} */
  #sources = [];
  /** @type {Lane[]} */
  #lanes = [];
  /** @type {Map<Incident, HTMLTableRowElement>} */
  #rows = new Map();
  #session = new Session();
  #span = select({ "data-part": "span", "aria-label": "Time that is shown" }, [
    ["60", "Last minute"],
    ["600", "Last 10 minutes"],
  ]);
  #axis = element("div", { class: "timeline-axis", "aria-hidden": "true" });
  #body = element("tbody", { "data-part": "ends" });
  #table = element("div", { class: "timeline-ends", tabindex: 0, role: "region", "aria-label": "Ends of connections", hidden: true });
  #none = element("p", { class: "timeline-none" }, "No connection has ended yet. “Break it” in a panel below shows how one ends and comes back.");
  #listeners = new AbortController();

  /** @param {Source[]} sources */
  set sources(sources) {
    this.#sources = sources;
    if (this.isConnected) this.#begin();
  }

  /** @param {Session} session whose user sees the service's record of closed connections */
  set session(session) {
    this.#session = session;
  }

  connectedCallback() {
    this.#begin();
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  #begin() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const heading = element("h2", { id: `${this.id}-title` }, "Timeline");
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", heading.id);
    this.#table.replaceChildren(
      element(
        "table",
        {},
        element("caption", { class: "unseen" }, "Ends of connections, the newest first"),
        element("thead", {}, element("tr", {}, ...["Time", "Connection", ...COLUMNS.map(([name]) => name)].map((name) => element("th", { scope: "col" }, name)))),
        this.#body,
      ),
    );
    this.replaceChildren(element("header", {}, heading, this.#span, legend()));
    this.#lanes = this.#sources.map((source) => this.#lane(source, signal));
    this.append(this.#axis, this.#none, this.#table);
    const timer = setInterval(() => this.#show(), TICK);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
    document.addEventListener(VIEW_CHANGE, () => this.#show(), { signal });
    this.#span.addEventListener("change", () => this.#show(), { signal });
    this.#show();
  }

  /**
   * @param {Source} source
   * @param {AbortSignal} signal
   * @returns {Lane}
   */
  #lane(source, signal) {
    const { name, transport, conversation } = source;
    const drawing = /** @type {SVGSVGElement} */ (document.createElementNS("http://www.w3.org/2000/svg", "svg"));
    drawing.setAttribute("role", "img");
    this.append(element("div", { class: "timeline-lane", "data-transport": transport }, element("span", {}, name), drawing));
    // It hears of an end first, so that there is an entry for it.
    const timeline = new Timeline(conversation, signal);
    conversation.addEventListener("state", () => this.#learn(source), { signal });
    return { ...source, timeline, drawing };
  }

  /**
   * Browsers do not tell who ended a connection, but the service may have recorded it.
   * @param {Source} source
   */
  async #learn({ conversation, row }) {
    const incident = this.#lanes.find((lane) => lane.conversation === conversation)?.timeline.incidents.at(-1);
    const isRecent = incident && performance.now() - incident.at < RECENT;
    if (!isRecent || incident.by !== "unknown" || incident.openFor === undefined || conversation.label === "") return;
    if (this.#session.why("observe") !== "") return;
    const since = performance.now() - incident.at + 1_000;
    const reason = await closeReason(conversation.label, row, since, this.#session.token(), this.#listeners.signal);
    if (reason === undefined || incident.by !== "unknown") return;
    incident.by = OF_PEER.includes(reason) ? "between" : "service";
    incident.reason += `; the service’s record: ${reason}`;
  }

  #show() {
    if (!this.checkVisibility()) return;
    const now = performance.now();
    const span = Number(this.#span.value) * 1000;
    for (const lane of this.#lanes) {
      draw(lane.drawing, lane.timeline, now - span, now);
      const label = inWords(lane, now, span);
      if (lane.drawing.getAttribute("aria-label") !== label) lane.drawing.setAttribute("aria-label", label);
    }
    this.#showAxis(span);
    this.#showEnds(now);
  }

  /** @param {number} span */
  #showAxis(span) {
    if (this.#axis.dataset.span === String(span)) return;
    this.#axis.dataset.span = String(span);
    const marks = [1, 0.75, 0.5, 0.25].map((share) => ago(span * share));
    this.#axis.replaceChildren(...[...marks, "now"].map((mark) => element("span", {}, mark)));
  }

  /** @param {number} now */
  #showEnds(now) {
    const ends = this.#lanes
      .flatMap((lane) => lane.timeline.incidents.map((incident) => ({ incident, lane })))
      .sort((one, other) => other.incident.at - one.incident.at)
      .slice(0, MOST);
    this.#none.hidden = ends.length > 0;
    this.#table.hidden = ends.length === 0;
    const old = this.#rows;
    this.#rows = new Map(ends.map(({ incident, lane }) => [incident, old.get(incident) ?? endRow(incident, lane)]));
    old.forEach((row, incident) => this.#rows.has(incident) || row.remove());
    ends.forEach(({ incident }, at) => {
      const row = /** @type {HTMLTableRowElement} */ (this.#rows.get(incident));
      if (this.#body.children[at] !== row) this.#body.insertBefore(row, this.#body.children[at] ?? null);
      row.dataset.outcome = incident.outcome;
      COLUMNS.forEach(([, show], column) => say(row.cells[column + 2], show(incident, now)));
    });
  }
}

/**
 * @param {Incident} incident
 * @param {Source} source
 */
function endRow({ at }, { name, transport }) {
  return element(
    "tr",
    { "data-transport": transport },
    element("td", {}, clock(new Date(performance.timeOrigin + at)).slice(0, 8)),
    element("th", { scope: "row" }, name),
    ...COLUMNS.map(([column]) => element("td", { "data-name": column })),
  );
}

/**
 * @param {Lane} lane
 * @param {number} now
 * @param {number} span
 */
function inWords({ name, timeline }, now, span) {
  const isIn = (/** @type {number} */ at) => at > now - span;
  const last = timeline.open.at(-1);
  const isOpen = last !== undefined && last.to === undefined;
  const ends = timeline.incidents.filter(({ at }) => isIn(at));
  const retries = timeline.incidents.flatMap(({ retries }) => retries).filter(isIn);
  const gaps = timeline.incidents.reduce((sum, { at, over }) => sum + Math.max(0, (over ?? now) - Math.max(at, now - span)), 0);
  return `${name}: ${isOpen ? "open" : "not open"}; in the last ${span / 1000} s: ${ends.length} ends, ${retries.length} retries, ${time(gaps)} without a connection, marks of ${timeline.out.filter(isIn).length} sent and ${timeline.in.filter(isIn).length} received messages`;
}

/** @param {number} milliseconds */
function time(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)}\u00a0s`;
  return seconds < 120 ? `${seconds.toFixed(0)}\u00a0s` : `${(seconds / 60).toFixed(0)}\u00a0min`;
}

/** @param {number} milliseconds */
function ago(milliseconds) {
  return milliseconds > 60_000 ? `${milliseconds / 60_000} min ago` : `${milliseconds / 1000} s ago`;
}
