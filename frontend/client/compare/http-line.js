// SPDX-License-Identifier: Apache-2.0
import { problem } from "../endings.js";
import { LineFailure } from "./socket-line.js";

/** @typedef {import("./socket-line.js").Answer} Answer */
/** @typedef {import("./socket-line.js").Line} Line */

export const MESSAGE_TYPE = "text/plain";

const ANSWER = 10_000;

/**
 * Requests to `/echo`, one after the other, on the connections that the browser chooses.
 * @implements {Line}
 */
export class HttpLine {
  #path;
  #signal;

  /**
   * @param {string} path
   * @param {AbortSignal} signal
   */
  constructor(path, signal) {
    this.#path = path;
    this.#signal = signal;
  }

  /**
   * @param {string} message
   * @returns {Promise<Answer>}
   */
  async exchange(message) {
    const response = await this.post(message);
    const first = performance.now();
    if (!response.ok) throw new LineFailure(`${response.status} ${await problem(response)}`);
    const { byteLength } = await response.arrayBuffer();
    if (byteLength !== message.length) throw new LineFailure("The answer differs from the message");
    return { first, whole: performance.now() };
  }

  /** @param {string} message */
  async post(message) {
    try {
      return await fetch(this.#path, {
        method: "POST",
        body: message,
        headers: { "Content-Type": MESSAGE_TYPE },
        cache: "no-store",
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(ANSWER)]),
      });
    } catch (error) {
      this.#signal.throwIfAborted();
      const late = error instanceof DOMException && error.name === "TimeoutError";
      throw new LineFailure(late ? "No answer within 10 s" : "Refused or unreachable");
    }
  }

  async close() {}
}

/** The line that closes its connection at the end. */
export class OneRequestLine extends HttpLine {
  #close;

  /**
   * @param {string} path
   * @param {string} label
   * @param {AbortSignal} signal
   */
  constructor(path, label, signal) {
    super(path, signal);
    this.#close = () => closeConnections(1, label, signal);
  }

  close() {
    return this.#close();
  }
}

/** As many as a browser may have that nothing uses, without those that it needs for the page. */
const IDLE = 4;
const OPENED = 1_000;

/**
 * Makes the browser close connections that it keeps for later requests: the only way, also behind proxies, is a response
 * that has begun and is then given up. If nobody tells the service, the stream ends by itself.
 * @param {number} count
 * @param {string} label
 * @param {AbortSignal} signal
 */
export async function closeConnections(count, label, signal) {
  const end = new AbortController();
  const given = AbortSignal.any([signal, end.signal, AbortSignal.timeout(OPENED)]);
  const stream = `/stream?${new URLSearchParams({ interval: "5s", count: "2", label })}`;
  await Promise.allSettled(Array.from({ length: count }, () => fetch(stream, { cache: "no-store", signal: given })));
  end.abort();
  signal.throwIfAborted();
}

/**
 * @param {string} label
 * @param {AbortSignal} signal
 */
export function closeIdle(label, signal) {
  return closeConnections(IDLE, label, signal);
}

/** More than the requests of one run. */
const ENTRIES = 20_000;

/** The browser reports a request a little after its answer. */
const AFTERMATH = 1_000;
const LOOK = 20;

/** The browser’s timings of the requests to one path, from now on. */
export class Requests {
  #url;

  /** @param {string} path */
  constructor(path) {
    this.#url = new URL(path, location.href).href;
    performance.clearResourceTimings();
    performance.setResourceTimingBufferSize(ENTRIES);
  }

  /**
   * How long each took to open a connection; 0 if it used an open one.
   * @param {number} count of requests made
   * @returns {Promise<number[]>} milliseconds
   */
  async openings(count) {
    const deadline = performance.now() + AFTERMATH;
    let entries = performance.getEntriesByName(this.#url);
    while (entries.length < count && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      entries = performance.getEntriesByName(this.#url);
    }
    return entries.map((entry) => (entry instanceof PerformanceResourceTiming ? entry.connectEnd - entry.connectStart : 0));
  }
}
