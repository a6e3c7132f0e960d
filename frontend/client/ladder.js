/** Attempts in a row that may fail on what has worked before: more often the server is away than the way is blocked. */
const PATIENCE = 3;

/**
 * Chooses among ways to the same end, the best first: falls back from one that fails, and remembers one that worked.
 * @template {{name: string}} Rung
 */
export class Ladder {
  #rungs;
  #at;
  #failures = 0;
  /** @type {Set<string>} */
  #proven = new Set();

  /**
   * @param {readonly Rung[]} rungs the best first
   * @param {string} [worked] name of the one to begin with
   */
  constructor(rungs, worked) {
    this.#rungs = rungs;
    this.#at = Math.max(0, rungs.findIndex(({ name }) => name === worked));
  }

  get current() {
    return this.#rungs[this.#at];
  }

  get isChoice() {
    return this.#rungs.length > 1;
  }

  /** @returns {readonly Rung[]} those above the current one */
  get better() {
    return this.#rungs.slice(0, this.#at);
  }

  worked() {
    this.#failures = 0;
    this.#proven.add(this.current.name);
  }

  /**
   * The current one could not be opened. After the last one comes the first again.
   * @param {boolean} blocked whether that speaks against the way, rather than the server
   */
  failed(blocked) {
    this.#failures++;
    if (!blocked && this.#failures < (this.#proven.has(this.current.name) ? PATIENCE : 1)) return;
    this.#failures = 0;
    this.#at = (this.#at + 1) % this.#rungs.length;
  }

  /** @param {Rung} rung one that is known to work */
  climb(rung) {
    this.#failures = 0;
    this.#at = this.#rungs.indexOf(rung);
  }
}
