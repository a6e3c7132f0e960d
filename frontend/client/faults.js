// SPDX-License-Identifier: Apache-2.0
/**
 * A fault that the page asks the service for, on one connection. See `src/docs/faults.md`.
 * @typedef {object} Fault
 * @property {string} name
 * @property {string} meaning what the service does, as a sentence
 * @property {Readonly<Record<string, string>>} parameters of the connection's address
 * @property {boolean} [survived] the connection does not end: after a round trip the page opens another one
 * @property {boolean} [asks] the page sends a message at once; otherwise only when nothing came for some seconds
 * @property {boolean} [restricted] it holds resources of the service, which needs a role
 */

/** @type {Readonly<Record<"reset" | "stall" | "delay" | "close" | "silence", Fault>>} */
export const FAULTS = {
  reset: {
    name: "Reset",
    meaning: "After 1 s the service resets the connection (RST), without a word.",
    parameters: { after: "1s", end: "reset" },
  },
  stall: {
    name: "Stall",
    meaning: "After 1 s the service neither sends nor reads, and keeps the socket open.",
    parameters: { after: "1s", end: "stall" },
    restricted: true,
  },
  delay: {
    name: "Delay 500 ms",
    meaning: "The service holds back everything that it sends for 500 ms.",
    parameters: { delay: "500ms" },
    survived: true,
    asks: true,
  },
  close: {
    name: "Close",
    meaning: "After 1 s the service ends the connection as its protocol does.",
    parameters: { after: "1s", end: "close" },
  },
  silence: {
    name: "Silence",
    meaning: "The service sends nothing by itself, not even heartbeats.",
    parameters: { heartbeat: "none" },
    survived: true,
  },
};

/** What a WebSocket is closed with: an example of an application's own close code. */
const CLOSE_FRAME = { code: "4321", reason: "as asked for" };

/**
 * The parameters of a fault on a WebSocket.
 * @param {Fault} fault
 * @returns {Readonly<Record<string, string>>}
 */
export function ofWebSocket({ parameters }) {
  return parameters.end === "close" ? { ...parameters, ...CLOSE_FRAME } : parameters;
}

/** What one fault did: the events of the connection from when it was asked for until the connection is well again. */
export class FaultRun {
  /** @type {{after: number, text: string}[]} milliseconds since the start */
  steps = [];
  isOver = false;
  #since = performance.now();

  /** @param {Fault} fault */
  constructor(fault) {
    this.fault = fault;
  }

  /** @param {string} text */
  note(text) {
    if (!this.isOver) this.steps.push({ after: performance.now() - this.#since, text });
  }
}
