// SPDX-License-Identifier: Apache-2.0
/** @typedef {"in" | "out" | "event"} Direction */

/**
 * @typedef {object} Entry
 * @property {number} number grows by one within a journal
 * @property {Date} time
 * @property {Direction} direction
 * @property {string} text
 * @property {string} [bytes] the same as hexadecimal pairs
 * @property {string} [mark] a word that sets it apart
 */

const CAPACITY = 200;

/** A message may have megabytes. Nobody reads so long a line, and laying it out would be slow. */
const LONGEST_TEXT = 2_000;
const LONGEST_BYTES = 256;

/** The events of one connection: the last 200 entries. Dispatches `change`. */
export class Journal extends EventTarget {
  /** @type {Entry[]} */
  #entries = [];
  #number = 0;

  /** @returns {readonly Entry[]} oldest first */
  get entries() {
    return this.#entries;
  }

  /**
   * @param {Direction} direction
   * @param {string} text
   * @param {Uint8Array} [bytes]
   * @param {string} [mark] a word that sets it apart
   */
  add(direction, text, bytes, mark) {
    this.#entries.push({
      number: ++this.#number,
      time: new Date(),
      direction,
      text: text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text,
      bytes: bytes && hexadecimal(bytes),
      mark,
    });
    if (this.#entries.length > CAPACITY) this.#entries.shift();
    this.dispatchEvent(new Event("change"));
  }

  clear() {
    this.#entries = [];
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {Uint8Array} bytes */
function hexadecimal(bytes) {
  const pairs = Array.from(bytes.subarray(0, LONGEST_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return bytes.length > LONGEST_BYTES ? `${pairs} …` : pairs;
}
