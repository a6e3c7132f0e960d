// SPDX-License-Identifier: Apache-2.0
const WINDOW = 50;

/** The last 50 round trips, in milliseconds. */
export class RoundTrips {
  /** @type {number[]} */
  #window = [];

  /** @param {number} milliseconds */
  add(milliseconds) {
    this.#window.push(milliseconds);
    if (this.#window.length > WINDOW) this.#window.shift();
  }

  /** @returns {number | undefined} */
  get last() {
    return this.#window.at(-1);
  }

  /** @returns {number | undefined} */
  get min() {
    return this.#window.length > 0 ? Math.min(...this.#window) : undefined;
  }

  /** @returns {number | undefined} */
  get max() {
    return this.#window.length > 0 ? Math.max(...this.#window) : undefined;
  }

  /** @returns {number | undefined} */
  get median() {
    return median(this.#window);
  }

  reset() {
    this.#window = [];
  }
}

/**
 * @param {readonly number[]} numbers
 * @returns {number | undefined} undefined for none
 */
export function median(numbers) {
  const sorted = ascending(numbers);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted.length > 0 ? (sorted[middle - 1] + sorted[middle]) / 2 : undefined;
}

/** @param {readonly number[]} numbers */
export function ascending(numbers) {
  return numbers.toSorted((a, b) => a - b);
}

/**
 * The smallest number that at least the given share of all do not exceed.
 * @param {readonly number[]} sorted ascending, at least one
 * @param {number} share 0 to 1
 */
export function quantile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Messages and bytes, in and out. */
export class Traffic {
  messagesIn = 0;
  messagesOut = 0;
  bytesIn = 0;
  bytesOut = 0;

  /**
   * @param {number} messages
   * @param {number} bytes
   */
  received(messages, bytes) {
    this.messagesIn += messages;
    this.bytesIn += bytes;
  }

  /**
   * @param {number} messages
   * @param {number} bytes
   */
  sent(messages, bytes) {
    this.messagesOut += messages;
    this.bytesOut += bytes;
  }

  reset() {
    this.messagesIn = this.messagesOut = this.bytesIn = this.bytesOut = 0;
  }
}
