import { duration } from "./durations.js";

/** How late a heartbeat may be; less if heartbeats are more frequent. */
const GRACE = 10_000;

/**
 * Detects a dead connection: a server sends something at least once per heartbeat interval, or is asked to where a page cannot see heartbeats, as the pings of a WebSocket.
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
