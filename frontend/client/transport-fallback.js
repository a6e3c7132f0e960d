// SPDX-License-Identifier: Apache-2.0
/** How often in a row a transport that has worked before may fail: usually the server is away, and the transport is not blocked. */
const TRIES = 3;

/**
 * Chooses a transport, the preferred one first: falls back from one that fails, and starts with one that worked.
 * @template {{name: string}} Item
 */
export class TransportFallback {
  #items;
  #at;
  #failures = 0;
  /** @type {Set<string>} */
  #proven = new Set();

  /**
   * @param {readonly Item[]} items the preferred one first
   * @param {string} [worked] name of the one to begin with
   */
  constructor(items, worked) {
    this.#items = items;
    this.#at = Math.max(0, items.findIndex(({ name }) => name === worked));
  }

  get current() {
    return this.#items[this.#at];
  }

  get isChoice() {
    return this.#items.length > 1;
  }

  /** @returns {readonly Item[]} those that are preferred to the current one */
  get preferred() {
    return this.#items.slice(0, this.#at);
  }

  worked() {
    this.#failures = 0;
    this.#proven.add(this.current.name);
  }

  /**
   * The current one could not be opened. The first one follows the last one.
   * @param {boolean} blocked whether the transport is blocked; otherwise the server may be away
   */
  failed(blocked) {
    this.#failures++;
    if (!blocked && this.#failures < (this.#proven.has(this.current.name) ? TRIES : 1)) return;
    this.#failures = 0;
    this.#at = (this.#at + 1) % this.#items.length;
  }

  /** @param {Item} item one that is known to work */
  moveTo(item) {
    this.#failures = 0;
    this.#at = this.#items.indexOf(item);
  }
}
