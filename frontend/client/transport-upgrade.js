// SPDX-License-Identifier: Apache-2.0
/** @typedef {import("./channel-transports.js").Attempt} Attempt */
/** @typedef {import("./channel-transports.js").Transport} Transport */

const AFTER = 30_000;
const LONGEST = 600_000;

/** Looks for a preferred transport while another one is in use: tries the preferred ones beside it. */
export class TransportUpgrade {
  #transports;
  #open;
  #timeout;
  #first;
  #wait;

  /**
   * @param {import("./transport-fallback.js").TransportFallback<Transport>} transports
   * @param {(dial: Transport["dial"], attempt: Pick<Attempt, "signal" | "heard" | "lost" | "take">) => unknown} open
   * @param {number} timeout milliseconds for a trial
   * @param {number} [after] milliseconds until the first trial; doubled after each one that fails, up to 10 min
   */
  constructor(transports, open, timeout, after = AFTER) {
    this.#transports = transports;
    this.#open = open;
    this.#timeout = timeout;
    this.#first = after;
    this.#wait = after;
  }

  /**
   * @param {AbortSignal} signal ends it
   * @param {() => void} upgraded called when a preferred transport works and is the current one
   */
  begin(signal, upgraded) {
    const { preferred } = this.#transports;
    if (preferred.length === 0) return;
    const timer = setTimeout(async () => {
      for (const transport of preferred) {
        if (await this.#works(transport, signal)) {
          this.#wait = this.#first;
          this.#transports.moveTo(transport);
          upgraded();
          return;
        }
        if (signal.aborted) return;
      }
      this.#wait = Math.min(LONGEST, this.#wait * 2);
      this.begin(signal, upgraded);
    }, this.#wait);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  /**
   * @param {Transport} transport
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} false if it is aborted, too
   */
  #works({ dial }, signal) {
    const trial = new AbortController();
    return new Promise((resolve) => {
      const done = (/** @type {boolean} */ works) => {
        clearTimeout(timer);
        trial.abort();
        resolve(works && !signal.aborted);
      };
      const timer = setTimeout(() => done(false), this.#timeout);
      signal.addEventListener("abort", () => done(false), { once: true, signal: trial.signal });
      this.#open(dial, {
        signal: trial.signal,
        heard: () => {},
        lost: () => done(false),
        take: ({ type }) => {
          if (type === "subscribed") done(true);
        },
      });
    });
  }
}
