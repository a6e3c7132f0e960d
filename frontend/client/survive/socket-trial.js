// SPDX-License-Identifier: Apache-2.0
import { openWebSocket } from "../websocket.js";
import { PATIENCE } from "./trial.js";

/** The code of an end without a close frame. */
const ABNORMAL = 1006;

/**
 * A message and its echo, a silence, and another message: does its echo come?
 * @param {import("./trial.js").Trial} trial
 * @param {AbortSignal} signal ends it
 * @returns {Promise<void>} when it has ended
 */
export function socketTrial(trial, signal) {
  const { silence, heartbeat } = trial.plan;
  const end = new AbortController();
  return new Promise((resolve) => {
    /** @param {Parameters<typeof trial.end>} ending */
    const done = (...ending) => {
      trial.end(...ending);
      end.abort();
      resolve();
    };
    let asked = false;
    trial.dial();
    const wire = {
      signal: AbortSignal.any([signal, end.signal]),
      opened: () => socket.send("silent from here"),
      lost: () => {},
    };
    const path = `/echo?heartbeat=${heartbeat === undefined ? "none" : `${heartbeat}ms`}`;
    const socket = openWebSocket(path, trial.label, wire, () => {
      if (asked) return done("survived", "the next message was answered");
      clearTimeout(timer);
      trial.silent();
      timer = setTimeout(() => {
        asked = true;
        socket.send("still there?");
        timer = setTimeout(() => done("dropped", "the next message was not answered", "between"), PATIENCE);
      }, silence);
    });
    let timer = setTimeout(() => done("refused", "no echo within 5 s"), PATIENCE);
    socket.addEventListener("close", ({ code, reason }) => {
      if (trial.silentFrom === undefined) done("refused", "no WebSocket echo can be opened");
      else if (code !== ABNORMAL) done("cut", `close code ${code}${reason && ` “${reason}”`}`, "service");
      else if (asked) done("dropped", "the next message showed that it was broken (1006)", "between");
      else done("cut", "broken without a close code (1006)", "between");
    }, { signal: wire.signal });
    wire.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
