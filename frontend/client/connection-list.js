// SPDX-License-Identifier: Apache-2.0
import { actuator } from "./actuator.js";
import { Backoff } from "./backoff.js";
import { bearer } from "./bearer.js";
import { problem } from "./endings.js";

/**
 * One open connection as the server sees it.
 * @typedef {object} Row
 * @property {string} id
 * @property {string} transport
 * @property {string} kind
 * @property {string | null} [label]
 * @property {string | null} [remoteAddress]
 * @property {string | null} [subject] whose token opened it
 * @property {number} ageSeconds
 * @property {number} idleSeconds
 * @property {number} messagesIn
 * @property {number} messagesOut
 * @property {number} bytesIn
 * @property {number} bytesOut
 * @property {number} queuedBytes
 * @property {number | null} [roundTripMillis]
 * @property {string | null} [protocol] as `h2`
 * @property {boolean | null} [tls]
 * @property {string | number | null} [session] of HTTP/2
 */

/**
 * @typedef {object} Query
 * @property {string} transport empty is all
 * @property {string} sort a property of a row, with a leading `-` for descending
 */

const PATH = "/connections";
const SIZE = 50;
const PERIOD = 1_000;
const TIMEOUT = 10_000;

/** Polls the list of open connections, one request at a time. Dispatches `change` after every answer. */
export class ConnectionList extends EventTarget {
  /** Gives the token for each request. @type {() => string | undefined} */
  token = () => undefined;
  /** @type {Row[]} */
  #rows = [];
  /** @type {number | undefined} */
  #total;
  #trouble = "";
  /** @type {Query} */
  #query = { transport: "", sort: "id" };
  #backoff = new Backoff();
  /** @type {AbortController | undefined} */
  #polling;

  /** @returns {readonly Row[]} the first 50, as of the last answer */
  get rows() {
    return this.#rows;
  }

  /** @returns {number | undefined} how many match, which may be more than there are rows; undefined while unknown */
  get total() {
    return this.#total;
  }

  /** @returns {string} why there is no newer answer, a sentence without its full stop; empty if all is well */
  get trouble() {
    return this.#trouble;
  }

  get query() {
    return this.#query;
  }

  /** @param {Query} query takes effect at once if this is being polled */
  set query(query) {
    this.#query = query;
    if (this.#polling) {
      this.stop();
      this.start();
    }
  }

  start() {
    if (this.#polling) return;
    this.#polling = new AbortController();
    this.#backoff.reset();
    this.#poll(this.#polling.signal);
  }

  stop() {
    this.#polling?.abort();
    this.#polling = undefined;
  }

  /** @param {AbortSignal} signal */
  async #poll(signal) {
    const since = performance.now();
    const answered = await this.#ask(signal);
    if (signal.aborted) return;
    this.dispatchEvent(new Event("change"));
    // A listener may have stopped it or asked for something else.
    if (signal.aborted) return;
    if (answered) this.#backoff.reset();
    // The interval starts with the last request, but a slow server gets a pause after its answer.
    const wait = answered
      ? Math.max(PERIOD / 2, PERIOD - (performance.now() - since))
      : PERIOD + this.#backoff.next();
    const timer = setTimeout(() => this.#poll(signal), wait);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} whether there is a new list
   */
  async #ask(signal) {
    const { transport, sort } = this.#query;
    const parameters = new URLSearchParams({ sort, size: String(SIZE) });
    if (transport !== "") parameters.set("transport", transport);
    try {
      const response = await actuator(`${PATH}?${parameters}`, {
        headers: { Accept: "application/json", ...bearer(this.token()) },
        cache: "no-store",
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
      });
      return response.ok ? this.#take(await response.json(), signal) : this.#refused(response.status, await problem(response), signal);
    } catch (error) {
      return signal.aborted ? false : this.#failed(cause(error));
    }
  }

  /**
   * @param {{total?: unknown, connections?: unknown} | null} page
   * @param {AbortSignal} signal
   */
  #take(page, signal) {
    if (signal.aborted) return false;
    if (!Array.isArray(page?.connections)) return this.#failed("The server's answer is not a list of connections");
    this.#rows = page.connections;
    this.#total = Number(page.total ?? this.#rows.length);
    this.#trouble = "";
    return true;
  }

  /**
   * @param {number} status
   * @param {string} reason
   * @param {AbortSignal} signal
   */
  #refused(status, reason, signal) {
    if (signal.aborted) return false;
    if (status !== 404) return this.#failed(`${status} ${reason}`);
    // The earlier rows came from another server.
    this.#rows = [];
    this.#total = undefined;
    return this.#failed(`This server does not list its connections: it has no /actuator${PATH} (404)`);
  }

  /** @param {string} trouble */
  #failed(trouble) {
    this.#trouble = trouble;
    return false;
  }
}

/**
 * Closes all connections of a subject, on every node.
 * @param {string} subject
 * @param {string | undefined} token
 * @param {AbortSignal} signal
 * @returns {Promise<string>} why they are not closed; empty if they are
 */
export function closeAllOf(subject, token, signal) {
  return end(`${PATH}?${new URLSearchParams({ subject })}`, token, signal);
}

/**
 * Closes one connection.
 * @param {string} id
 * @param {string | undefined} token
 * @param {AbortSignal} signal
 * @returns {Promise<string>} why it is not closed; empty if it is
 */
export function closeOne(id, token, signal) {
  return end(`${PATH}/${encodeURIComponent(id)}`, token, signal);
}

/**
 * @param {string} path
 * @param {string | undefined} token
 * @param {AbortSignal} signal
 */
async function end(path, token, signal) {
  try {
    const response = await actuator(path, {
      method: "DELETE",
      headers: { Accept: "application/json", ...bearer(token) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    // Not found: it has ended meanwhile.
    return response.ok || response.status === 404 ? "" : `${response.status} ${await problem(response)}`;
  } catch (error) {
    return cause(error);
  }
}

/**
 * For which reason the service has ended the connection that closed last of those with a name. It knows what a browser hides.
 * @param {string} label
 * @param {string} kind of the connection: its transport and kind, as `http stream`
 * @param {number} since how many milliseconds ago it may have closed at most
 * @param {string | undefined} token
 * @param {AbortSignal} signal
 * @returns {Promise<string | undefined>} undefined if it is not known
 */
export async function closeReason(label, kind, since, token, signal) {
  try {
    const response = await actuator(`${PATH}?state=closed&sort=closedSeconds&size=${SIZE}`, {
      headers: { Accept: "application/json", ...bearer(token) },
      cache: "no-store",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    /** @type {(Row & {reason?: string, closedSeconds?: number})[]} */
    const rows = response.ok ? (await response.json()).connections : [];
    const own = rows.find((row) => row.label === label && `${row.transport} ${row.kind}` === kind);
    return own && (own.closedSeconds ?? Infinity) * 1000 <= since ? own.reason : undefined;
  } catch {
    return undefined;
  }
}

/** @param {unknown} error */
function cause(error) {
  if (error instanceof SyntaxError) return "The server's answer is not a list of connections";
  const late = error instanceof DOMException && error.name === "TimeoutError";
  return late ? "The server does not answer" : "The server can't be reached";
}
