// SPDX-License-Identifier: Apache-2.0
import { openWebSocket } from "../websocket.js";

/**
 * When an answer came, by the clock of performance.now().
 * @typedef {object} Answer
 * @property {number} first its first bytes, as far as a browser reports them
 * @property {number} whole
 */

/**
 * One open connection to an echo.
 * @typedef {object} Line
 * @property {(message: string) => Promise<Answer>} exchange
 * @property {() => Promise<void>} close
 */

/** Time limit for an answer, in milliseconds. */
const ANSWER = 10_000;

/** A connection could not be opened, or an answer did not come. */
export class LineFailure extends Error {}

/**
 * A WebSocket to an echo, whose answer may come in pieces. Messages are ASCII.
 * @implements {Line}
 */
export class SocketLine {
  #socket;
  #end = new AbortController();
  #kind;
  #encoder = new TextEncoder();
  /** @type {(data: string | ArrayBuffer) => void} */
  #took = () => {};
  /** @type {(failure: unknown) => void} */
  #failed = () => {};

  /**
   * @param {string} path
   * @param {"text" | "binary"} kind
   * @param {string} label
   * @param {AbortSignal} signal closes it
   * @param {(line: SocketLine) => void} opened
   * @param {(failure: unknown) => void} failed
   */
  constructor(path, kind, label, signal, opened, failed) {
    this.#kind = kind;
    this.#failed = failed;
    const wire = {
      signal: AbortSignal.any([signal, this.#end.signal]),
      opened: () => opened(this),
      lost: (/** @type {import("../reconnecting.js").Ending} */ { reason }) => this.#failed(new LineFailure(reason)),
    };
    signal.addEventListener("abort", () => this.#failed(signal.reason), { once: true, signal: this.#end.signal });
    this.#socket = openWebSocket(path, label, wire, (data) => this.#took(data));
  }

  /**
   * @param {string} path
   * @param {"text" | "binary"} kind
   * @param {string} label
   * @param {AbortSignal} signal
   * @returns {Promise<SocketLine>}
   */
  static open(path, kind, label, signal) {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => new SocketLine(path, kind, label, signal, resolve, reject));
  }

  /**
   * @param {string} message
   * @returns {Promise<Answer>}
   */
  async exchange(message) {
    let first = 0;
    let rest = message.length;
    await this.#until(this.#kind === "text" ? message : this.#encoder.encode(message), (data) => {
      first ||= performance.now();
      rest -= typeof data === "string" ? data.length : data.byteLength;
      return rest <= 0;
    });
    return { first, whole: performance.now() };
  }

  /**
   * @param {string} question
   * @returns {Promise<string>} the text that comes next
   */
  async ask(question) {
    let answer = "";
    await this.#until(question, (data) => {
      if (typeof data === "string") answer = data;
      return typeof data === "string";
    });
    return answer;
  }

  /**
   * @param {string | Uint8Array<ArrayBuffer>} message
   * @param {(data: string | ArrayBuffer) => boolean} enough
   * @returns {Promise<void>}
   */
  #until(message, enough) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new LineFailure("No answer within 10 s")), ANSWER);
      this.#failed = (failure) => {
        clearTimeout(timer);
        reject(failure);
      };
      this.#took = (data) => {
        if (!enough(data)) return;
        clearTimeout(timer);
        resolve();
      };
      this.#socket.send(message);
    });
  }

  async close() {
    this.#end.abort();
  }
}
