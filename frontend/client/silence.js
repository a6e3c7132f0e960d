// SPDX-License-Identifier: Apache-2.0
import { duration } from "./durations.js";

/** How late an answer or a heartbeat may be; less if heartbeats are more frequent. */
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
   * @param {() => void} ask called once when nothing came for a heartbeat
   * @param {(silent: number) => void} dead told for how many milliseconds nothing came
   */
  watch(heartbeat, signal, ask, dead) {
    const interval = duration(heartbeat);
    if (interval === undefined) return;
    let asked = -Infinity;
    const timer = setInterval(() => {
      const now = performance.now();
      const silent = now - this.#heard;
      if (silent <= interval) return;
      // Browsers delay the timers of hidden pages by up to a minute, so a long silence alone is no sign of death.
      if (asked < this.#heard) {
        asked = now;
        ask();
      } else if (now - asked >= Math.min(GRACE, interval)) {
        dead(silent);
      }
    }, interval / 4);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }
}
