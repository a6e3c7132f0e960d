/** @typedef {import("./channel-transports.js").Attempt} Attempt */
/** @typedef {import("./channel-transports.js").Transport} Transport */

const AFTER = 30_000;
const LONGEST = 600_000;

/** Looks for a better transport while a lesser one is in use: tries those above it, beside it. */
export class Climb {
  #ladder;
  #open;
  #patience;
  #first;
  #wait;

  /**
   * @param {import("./ladder.js").Ladder<Transport>} ladder
   * @param {(dial: Transport["dial"], attempt: Pick<Attempt, "from" | "signal" | "heard" | "lost" | "take">) => unknown} open
   * @param {number} patience milliseconds for a trial
   * @param {number} [after] milliseconds until the first; twice as long after each that fails, to 10 min
   */
  constructor(ladder, open, patience, after = AFTER) {
    this.#ladder = ladder;
    this.#open = open;
    this.#patience = patience;
    this.#first = after;
    this.#wait = after;
  }

  /**
   * @param {AbortSignal} signal ends it
   * @param {() => void} climbed told when the ladder stands at a better one that works
   */
  begin(signal, climbed) {
    const { better } = this.#ladder;
    if (better.length === 0) return;
    const timer = setTimeout(async () => {
      for (const rung of better) {
        if (await this.#works(rung, signal)) {
          this.#wait = this.#first;
          this.#ladder.climb(rung);
          climbed();
          return;
        }
        if (signal.aborted) return;
      }
      this.#wait = Math.min(LONGEST, this.#wait * 2);
      this.begin(signal, climbed);
    }, this.#wait);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  /**
   * @param {Transport} transport
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} false, too, if it is aborted
   */
  #works({ dial }, signal) {
    const trial = new AbortController();
    return new Promise((resolve) => {
      const done = (/** @type {boolean} */ works) => {
        clearTimeout(timer);
        trial.abort();
        resolve(works && !signal.aborted);
      };
      const timer = setTimeout(() => done(false), this.#patience);
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
