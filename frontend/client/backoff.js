// SPDX-License-Identifier: Apache-2.0
/**
 * Full-jitter exponential back-off: every wait is drawn between zero and a ceiling that doubles up to a cap.
 * Drawing from zero spreads the clients of a restarted server over the whole ceiling instead of around it.
 */
export class Backoff {
  #start;
  #cap;
  #random;
  #ceiling;

  /**
   * @param {object} [options]
   * @param {number} [options.start] first ceiling in milliseconds
   * @param {number} [options.cap] highest ceiling in milliseconds
   * @param {() => number} [options.random] from 0 (included) to 1 (excluded)
   */
  constructor({ start = 500, cap = 10_000, random = Math.random } = {}) {
    this.#start = start;
    this.#cap = cap;
    this.#random = random;
    this.#ceiling = start;
  }

  /** @returns {number} how long to wait now, in milliseconds */
  next() {
    const wait = this.#random() * this.#ceiling;
    this.#ceiling = Math.min(this.#cap, this.#ceiling * 2);
    return wait;
  }

  reset() {
    this.#ceiling = this.#start;
  }
}
