// SPDX-License-Identifier: Apache-2.0
import { isWanted } from "./reconnecting.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./reconnecting.js").By} By */

/**
 * The end of a connection, or an attempt that failed, and what came after it. Times are on the clock of performance.now().
 * @typedef {object} Incident
 * @property {number} at
 * @property {number} [openFor] milliseconds; absent if the connection had never been open
 * @property {string} reason
 * @property {By} by
 * @property {string} [code]
 * @property {number[]} retries when it was tried to open another one
 * @property {number} [over] when another one was open, or was not wanted any more
 * @property {"recovering" | "recovered" | "stopped"} outcome
 */

/** Older events are dropped. */
export const HISTORY = 600_000;

/** The most ends that are kept. */
const MOST = 200;

/** Messages that are closer than this share one mark; they would overlap on a screen. */
const GRAIN = 100;

/**
 * The last ten minutes of one connection: when it was open, its ends and what came after them, and when messages were sent
 * and received.
 */
export class Timeline {
  #conversation;
  #counted = { messagesIn: 0, messagesOut: 0 };
  /** @type {{from: number, to?: number}[]} */
  #open = [];
  /** @type {Incident[]} */
  #incidents = [];
  /** @type {number[]} */
  #in = [];
  /** @type {number[]} */
  #out = [];

  /**
   * @param {Conversation} conversation
   * @param {AbortSignal} signal ends the watch
   */
  constructor(conversation, signal) {
    this.#conversation = conversation;
    conversation.addEventListener("state", () => this.#state(), { signal });
    conversation.addEventListener("traffic", () => this.#traffic(), { signal });
    this.#state();
    this.#traffic();
  }

  /** @returns {readonly {from: number, to?: number}[]} in which it was open; the last may go on */
  get open() {
    this.#open = this.#open.filter(({ to }) => to === undefined || isRecent(to));
    return this.#open;
  }

  /** @returns {readonly Incident[]} oldest first */
  get incidents() {
    this.#incidents = this.#incidents.filter(({ over }) => over === undefined || isRecent(over));
    return this.#incidents;
  }

  /** @returns {readonly number[]} when messages came */
  get in() {
    return recent(this.#in);
  }

  /** @returns {readonly number[]} when messages left */
  get out() {
    return recent(this.#out);
  }

  #state() {
    const { state } = this.#conversation;
    const now = performance.now();
    const last = this.#open.at(-1);
    const current = this.#incidents.at(-1)?.over === undefined ? this.#incidents.at(-1) : undefined;
    if (state.name === "open") {
      if (last?.to !== undefined || !last) this.#open.push({ from: state.since });
      if (this.#open.length > MOST) this.#open.shift();
      if (current) Object.assign(current, { over: now, outcome: "recovered" });
      return;
    }
    const wasOpen = last !== undefined && last.to === undefined;
    if (wasOpen) last.to = now;
    if (current && state.name === "connecting") current.retries.push(now);
    const incident = current ?? this.#incident(now, wasOpen ? now - last.from : undefined);
    if (!incident || isWanted(state)) return;
    incident.over = now;
    incident.outcome = "stopped";
    // The end of the last attempt says why there is no other one.
    if (current && "reason" in state) incident.reason += `; then: ${state.reason}`;
  }

  /**
   * @param {number} at
   * @param {number | undefined} openFor
   * @returns {Incident | undefined} undefined if nothing ended
   */
  #incident(at, openFor) {
    const { state } = this.#conversation;
    if (openFor === undefined && (state.name === "connecting" || state.name === "closed")) return undefined;
    /** @type {{reason?: string, by?: By, code?: string}} */
    const { reason = "", by = "unknown", code } = state.name === "closed" ? { reason: "Disconnected here", by: "page" } : /** @type {any} */ (state);
    /** @type {Incident} */
    const incident = { at, openFor, reason, by, code, retries: [], outcome: "recovering" };
    this.#incidents.push(incident);
    if (this.#incidents.length > MOST) this.#incidents.shift();
    return incident;
  }

  #traffic() {
    const { messagesIn, messagesOut } = this.#conversation.traffic;
    if (messagesIn > this.#counted.messagesIn) mark(this.#in);
    if (messagesOut > this.#counted.messagesOut) mark(this.#out);
    this.#counted = { messagesIn, messagesOut };
  }
}

/** @param {number[]} marks */
function mark(marks) {
  const now = performance.now();
  if (now - (marks.at(-1) ?? -Infinity) < GRAIN) return;
  marks.push(now);
  if (!isRecent(marks[0])) marks.shift();
}

/** @param {number[]} times ascending, without the old ones afterwards */
function recent(times) {
  const first = times.findIndex(isRecent);
  times.splice(0, first < 0 ? times.length : first);
  return times;
}

/** @param {number} time */
function isRecent(time) {
  return time > performance.now() - HISTORY;
}
