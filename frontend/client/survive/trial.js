// SPDX-License-Identifier: Apache-2.0
/** @typedef {"http" | "sse" | "websocket"} Transport */

/**
 * The outcome of a trial: it `survived`; it was `cut`, and the browser was told; it was `dropped` without a notice, which
 * only the next message showed; or it was `refused`, and could not begin.
 * @typedef {"survived" | "cut" | "dropped" | "refused"} Outcome
 */

/** @typedef {"service" | "between" | "unknown"} Culprit */

/**
 * What to try on one connection, in milliseconds.
 * @typedef {object} Plan
 * @property {Transport} transport
 * @property {number} silence how long nothing is sent
 * @property {number} [heartbeat] interval of the service’s heartbeats meanwhile; none if undefined
 */

/**
 * The result; times are milliseconds since the survey began.
 * @typedef {Plan & {
 *   opened: number,
 *   silentFrom: number,
 *   ended: number,
 *   outcome: Outcome,
 *   how: string,
 *   by?: Culprit,
 *   certain?: boolean,
 *   noticed?: boolean,
 * }} Finding `how` it ended, as part of a sentence; whether it is `certain` that `by` ended it; whether the service `noticed`
 *   the end, if known
 */

export const TRANSPORTS = /** @type {const} */ (["http", "sse", "websocket"]);
export const OUTCOMES = /** @type {const} */ (["survived", "cut", "dropped", "refused"]);
export const CULPRITS = /** @type {const} */ (["service", "between", "unknown"]);

/** @type {Readonly<Record<Transport, string>>} */
export const NAMES = { http: "HTTP stream", sse: "SSE", websocket: "WebSocket" };

/** The time limit for opening, and for an answer. */
export const PATIENCE = 5_000;

/** One connection that is silent for a while: its plan, its progress, and finally its finding. */
export class Trial {
  label;
  plan;
  #start;
  /** @type {number | undefined} */
  opened;
  /** @type {number | undefined} */
  silentFrom;
  /** @type {Finding | undefined} */
  finding;

  /**
   * @param {Plan} plan
   * @param {number} start of the survey
   * @param {string} label of the connection
   */
  constructor(plan, start, label) {
    this.plan = plan;
    this.#start = start;
    this.label = label;
  }

  get now() {
    return Math.round(performance.now() - this.#start);
  }

  dial() {
    this.opened = this.now;
  }

  /** The silence begins, unless it has begun. */
  silent() {
    this.silentFrom ??= this.now;
  }

  /** How long nothing has been sent. */
  get silence() {
    return this.now - (this.silentFrom ?? this.opened ?? this.now);
  }

  /**
   * @param {Outcome} outcome
   * @param {string} how
   * @param {Culprit} [by] as far as the end shows
   * @param {boolean} [certain]
   */
  end(outcome, how, by, certain) {
    const ended = this.now;
    const opened = this.opened ?? ended;
    this.finding ??= { ...this.plan, opened, silentFrom: this.silentFrom ?? opened, ended, outcome, how, by, certain };
  }
}

/**
 * @param {Finding} finding
 * @returns {number} the silence that it is about: the time until the end, if the browser was told of the end
 */
export function silenceOf({ outcome, silence, silentFrom, ended }) {
  return outcome === "cut" ? Math.min(silence, ended - silentFrom) : silence;
}
