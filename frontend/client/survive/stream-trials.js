// SPDX-License-Identifier: Apache-2.0
import { problem } from "../endings.js";
import { FORMATS } from "../formats.js";
import { lines } from "../lines.js";
import { PATIENCE } from "./trial.js";

/** @typedef {import("./trial.js").Trial} Trial */

const LATE = "the next event did not come";
const SURVIVED = "the next event came";

/**
 * A stream of two ticks with the silence between them, read by fetch.
 * @param {Trial} trial
 * @param {AbortSignal} signal ends it
 */
export async function fetchTrial(trial, signal) {
  const late = AbortSignal.timeout(trial.plan.silence + 2 * PATIENCE);
  const over = new AbortController();
  trial.dial();
  try {
    const { accept, parser } = FORMATS.ndjson;
    const response = await fetch(url(trial), {
      headers: { Accept: accept },
      cache: "no-store",
      signal: AbortSignal.any([signal, late, over.signal]),
    });
    if (!response.ok || !response.body) return trial.end("refused", `${response.status} ${await problem(response)}`);
    await read(trial, response.body, parser(), AbortSignal.any([signal, late]));
  } catch {
    if (late.aborted) trial.end(...(trial.silentFrom === undefined ? nothing() : dropped()));
    else if (!signal.aborted) trial.end(...(trial.silentFrom === undefined ? unreachable() : broken()));
  } finally {
    over.abort();
  }
}

/**
 * @param {Trial} trial
 * @param {ReadableStream<Uint8Array>} body
 * @param {import("../formats.js").Parser} parse
 * @param {AbortSignal} signal
 */
async function read(trial, body, parse, signal) {
  for await (const line of lines(body, () => {})) {
    const item = parse(line);
    signal.throwIfAborted();
    if (!item) continue;
    if ("goodbye" in item) return trial.end("cut", `goodbye ${item.goodbye}`, "service", true);
    if (trial.silentFrom !== undefined) return trial.end("survived", SURVIVED);
    trial.silent();
  }
  trial.end("cut", "the response ended as if it were complete", "unknown");
}

/**
 * The same with `EventSource`. It is closed at its first error; otherwise it would reconnect by itself.
 * @param {Trial} trial
 * @param {AbortSignal} signal ends it
 * @returns {Promise<void>}
 */
export function eventSourceTrial(trial, signal) {
  trial.dial();
  const source = new EventSource(url(trial));
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      source.close();
      resolve();
    };
    /** @param {Parameters<Trial["end"]>} ending */
    const end = (...ending) => {
      trial.end(...ending);
      done();
    };
    const timer = setTimeout(
      () => end(...(trial.silentFrom === undefined ? nothing() : dropped())),
      trial.plan.silence + 2 * PATIENCE,
    );
    signal.addEventListener("abort", done, { once: true });
    source.addEventListener("message", () => {
      if (trial.silentFrom === undefined) trial.silent();
      else end("survived", SURVIVED);
    });
    source.addEventListener("goodbye", ({ data }) => end("cut", `goodbye ${data}`, "service", true));
    source.addEventListener("error", () => end(...(trial.silentFrom === undefined ? unreachable() : broken())));
  });
}

/** @param {Trial} trial */
function url({ plan: { silence, heartbeat }, label }) {
  const parameters = new URLSearchParams({
    interval: `${silence}ms`,
    heartbeat: heartbeat === undefined ? "none" : `${heartbeat}ms`,
    count: "2",
    label,
  });
  return `/stream?${parameters}`;
}

/** @returns {Parameters<Trial["end"]>} */
function dropped() {
  return ["dropped", LATE, "between"];
}

/** @returns {Parameters<Trial["end"]>} */
function broken() {
  return ["cut", "the connection was broken", "between"];
}

/** @returns {Parameters<Trial["end"]>} */
function unreachable() {
  return ["refused", "refused or unreachable"];
}

/** @returns {Parameters<Trial["end"]>} */
function nothing() {
  return ["refused", "no answer"];
}
