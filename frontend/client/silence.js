import { duration } from "./durations.js";

/** How long after it was due a sign of life may come; less where heartbeats come more often. */
const GRACE = 10_000;

/**
 * Finds a connection that has died without a word: a server gives a sign of life at least once a heartbeat, or is asked
 * for one where signs can't be seen, as the pings of a WebSocket.
 */
export class Silence {
  #heard = performance.now();

  heard() {
    this.#heard = performance.now();
  }

  /**
   * @param {string} heartbeat as the welcome said it
   * @param {AbortSignal} signal ends the watch
   * @param {() => void} ask called whenever nothing came for a heartbeat
   * @param {(silent: number) => void} dead told for how many milliseconds nothing came
   */
  watch(heartbeat, signal, ask, dead) {
    const interval = duration(heartbeat);
    if (interval === undefined) return;
    const timer = setInterval(() => {
      const silent = performance.now() - this.#heard;
      if (silent > interval + Math.min(GRACE, interval)) dead(silent);
      else if (silent > interval) ask();
    }, interval / 2);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }
}
