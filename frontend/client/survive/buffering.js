// SPDX-License-Identifier: Apache-2.0
import { lines } from "../lines.js";

/** @typedef {"http" | "sse"} Streamed */

/**
 * How a stream's ticks arrived.
 * @typedef {object} Arrival
 * @property {Streamed} transport
 * @property {number} ticks number of ticks
 * @property {number} lumped number of ticks that arrived together with the previous one, but were not sent together
 * @property {number} held difference between the longest and the shortest delay, in milliseconds
 */

const TICKS = 20;
const INTERVAL = 100;
const DEADLINE = 10_000;

/** Ticks that arrive closer than this, and were sent further apart than `APART`, were buffered; in milliseconds. */
const TOGETHER = 15;
const APART = 60;

/**
 * Reads a stream of frequent ticks, and compares their times of arrival with the service’s time stamps.
 * @param {Streamed} transport
 * @param {string} label
 * @param {AbortSignal} signal
 * @returns {Promise<Arrival>}
 */
export async function arrivals(transport, label, signal) {
  const parameters = new URLSearchParams({ interval: `${INTERVAL}ms`, count: String(TICKS), label });
  const url = `/stream?${parameters}`;
  const ending = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE)]);
  const ticks = transport === "sse" ? await listened(url, ending) : await fetched(url, ending);
  signal.throwIfAborted();
  return { transport, ...judged(ticks) };
}

/** @typedef {{left: number, came: number}} Tick */

/**
 * @param {readonly Tick[]} ticks `left` by the service’s clock, `came` by ours
 * @returns {Omit<Arrival, "transport">}
 */
export function judged(ticks) {
  const lags = ticks.map(({ left, came }) => came - left);
  const lumped = ticks.filter(({ left, came }, at) =>
    at > 0 && came - ticks[at - 1].came < TOGETHER && left - ticks[at - 1].left > APART);
  const held = ticks.length > 0 ? Math.round(Math.max(...lags) - Math.min(...lags)) : 0;
  return { ticks: ticks.length, lumped: lumped.length, held };
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function fetched(url, signal) {
  /** @type {Tick[]} */
  const ticks = [];
  try {
    const response = await fetch(url, { headers: { Accept: "application/x-ndjson" }, cache: "no-store", signal });
    if (!response.ok || !response.body) return ticks;
    for await (const line of lines(response.body, () => {})) {
      if (line !== "") ticks.push(tick(line));
    }
  } catch {
    // The ticks so far are the result.
  }
  return ticks;
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<Tick[]>}
 */
function listened(url, signal) {
  /** @type {Tick[]} */
  const ticks = [];
  const source = new EventSource(url);
  return new Promise((resolve) => {
    const done = () => {
      source.close();
      resolve(ticks);
    };
    signal.addEventListener("abort", done, { once: true });
    source.addEventListener("error", done);
    source.addEventListener("message", ({ data }) => {
      ticks.push(tick(data));
      if (ticks.length === TICKS) done();
    });
  });
}

/** @param {string} json */
function tick(json) {
  return { left: Date.parse(JSON.parse(json).time), came: performance.timeOrigin + performance.now() };
}
