// SPDX-License-Identifier: Apache-2.0
import { WAYS } from "./ways.js";

/** @typedef {import("./ways.js").Way} Way */

/** Each closed connection blocks a port of the machine for about a minute. */
export const MOST_SHORT = 200;

/**
 * @param {Way} way
 * @param {number} count of messages that were asked for
 * @returns {number} of those that are sent
 */
export function messages({ short }, count) {
  return short ? Math.min(count, MOST_SHORT) : count;
}

/** Of a message, as long as none was measured: round trips over the network, and milliseconds beside them. */
const GUESS = { kept: { trips: 1, beside: 0.3 }, short: { trips: 3, beside: 6 } };

/** What is not counted in messages: warming up, counting bytes, finding out the intermediary. */
const BESIDE = 500;

/** How long a comparison still takes. */
export class Pace {
  #trip = roundTrip();
  /** @type {Map<string, {left: number, done: number, took: number}>} */
  #ways;

  /** @param {number} count of messages */
  constructor(count) {
    this.#ways = new Map(WAYS.map((way) => [way.id, { left: messages(way, count), done: 0, took: 0 }]));
  }

  /**
   * @param {Way} way
   * @param {number} milliseconds that one message took
   */
  took({ id }, milliseconds) {
    const way = this.#ways.get(id);
    if (!way) return;
    way.left--;
    way.done++;
    way.took += milliseconds;
  }

  /** @param {Way} way that cannot be measured */
  leaveOut({ id }) {
    this.#ways.delete(id);
  }

  /** @returns {number} milliseconds */
  get left() {
    return WAYS.reduce((all, { id, short }) => {
      const { left = 0, done = 0, took = 0 } = this.#ways.get(id) ?? {};
      const { trips, beside } = short ? GUESS.short : GUESS.kept;
      return all + left * (done > 0 ? took / done : trips * this.#trip + beside);
    }, BESIDE);
  }
}

/**
 * The shortest time from a request of this page to its answer so far, in milliseconds: it costs no request more. Those that
 * load the page wait for one another.
 */
function roundTrip() {
  const requests = performance.getEntriesByType("resource").flatMap((entry) =>
    entry instanceof PerformanceResourceTiming && entry.responseStart > 0 ? [entry.responseStart - entry.requestStart] : []);
  return requests.length > 0 ? Math.min(...requests) : 1;
}
