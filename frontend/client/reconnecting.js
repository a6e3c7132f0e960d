// SPDX-License-Identifier: Apache-2.0
import { Backoff } from "./backoff.js";

/**
 * Why a connection, or the attempt to open one, is over.
 * @typedef {object} Ending
 * @property {string} reason for a person to read, a sentence without its full stop
 * @property {boolean} retry whether another attempt can go better
 * @property {number} [after] milliseconds that the server asked us to stay away
 * @property {By} [by] who ended it; nobody said, if absent
 * @property {string} [code] of a close frame or a goodbye
 * @property {"denied" | "expired"} [state] that this leads to, instead of `failed` or `reconnecting`
 * @property {"denied" | "expired"} [rejected] the token in use is no longer accepted; the state if there is no other one
 */

/**
 * Who ends a connection: the service or this page; something `between` them, such as a proxy; or it is `unknown`.
 * @typedef {"service" | "page" | "between" | "unknown"} By
 */

/**
 * How a connection, or an attempt, ended, as the states tell it.
 * @typedef {{reason: string, by?: By, code?: string}} End
 */

/**
 * One attempt, as seen by the code that dials. After `signal` is aborted every call on it is ignored, so a late event of
 * an attempt that was given up can't disturb its successor.
 * @typedef {object} Wire
 * @property {AbortSignal} signal aborted when the attempt is over, whoever ended it
 * @property {() => void} opened
 * @property {(ending: Ending) => void} lost
 */

/**
 * @typedef {{name: "closed"}
 *   | {name: "connecting", reason?: string, by?: By}
 *   | {name: "open", since: number}
 *   | End & {name: "reconnecting", at: number}
 *   | End & {name: "failed"}
 *   | End & {name: "denied"}
 *   | End & {name: "expired", at?: number}} State `since` and `at`, the time of the next attempt, are on the
 *   clock of performance.now()
 */

/** A host that drops packets would otherwise keep an attempt waiting for minutes, until the system gives up. */
const DIAL_TIMEOUT = 30_000;

/** A server that accepts a connection and closes it at once does not count as a success. */
const SETTLED = 1_000;

/**
 * Whether a connection in this state is open or will be.
 * @param {State} state
 */
export function isWanted(state) {
  return ["connecting", "open", "reconnecting"].includes(state.name) || (state.name === "expired" && state.at !== undefined);
}

/**
 * Keeps one connection open as long as it is wanted. Dispatches `state` after every change.
 */
export class Reconnecting extends EventTarget {
  #dial;
  #backoff;
  #attempt = new AbortController();
  /** @type {State} */
  #state = { name: "closed" };

  /**
   * @param {(wire: Wire) => void} dial
   * @param {Backoff} [backoff]
   */
  constructor(dial, backoff = new Backoff()) {
    super();
    this.#dial = dial;
    this.#backoff = backoff;
  }

  get state() {
    return this.#state;
  }

  /** Whether the connection is wanted, and is open or being opened. */
  get wanted() {
    return isWanted(this.#state);
  }

  /** Opens the connection; while it waits for its next try, tries at once. */
  connect() {
    if (this.#state.name === "connecting" || this.#state.name === "open") return;
    this.#backoff.reset();
    this.#try();
  }

  disconnect() {
    this.#attempt.abort();
    if (this.#state.name !== "closed") this.#become({ name: "closed" });
  }

  /**
   * Abandons the current attempt and starts a new one.
   * @param {string} reason
   */
  reopen(reason) {
    this.#backoff.reset();
    this.#try(reason);
  }

  /** @param {string} [reason] why the attempt before was abandoned */
  #try(reason) {
    this.#attempt.abort();
    const attempt = new AbortController();
    const { signal } = attempt;
    this.#attempt = attempt;
    this.#become({ name: "connecting", reason, by: "page" });
    const timeout = this.#later(DIAL_TIMEOUT, () => this.#lost({ reason: "No answer within 30 s", retry: true, by: "page" }));
    this.#dial({
      signal,
      opened: () => {
        if (signal.aborted) return;
        clearTimeout(timeout);
        this.#become({ name: "open", since: performance.now() });
      },
      lost: (ending) => {
        if (!signal.aborted) this.#lost(ending);
      },
    });
  }

  /** @param {Ending} ending */
  #lost({ reason, retry, after = 0, state, by, code }) {
    this.#attempt.abort();
    if (!retry) {
      this.#become({ name: state ?? "failed", reason, by, code });
      return;
    }
    if (this.#state.name === "open" && performance.now() - this.#state.since > SETTLED) this.#backoff.reset();
    this.#attempt = new AbortController();
    const wait = after + this.#backoff.next();
    this.#become({ name: state === "expired" ? state : "reconnecting", reason, by, code, at: performance.now() + wait });
    this.#later(wait, () => this.#try());
  }

  /**
   * Ends with the present attempt.
   * @param {number} wait
   * @param {() => void} action
   */
  #later(wait, action) {
    const timer = setTimeout(action, wait);
    this.#attempt.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    return timer;
  }

  /** @param {State} state */
  #become(state) {
    this.#state = state;
    this.dispatchEvent(new Event("state"));
  }
}
