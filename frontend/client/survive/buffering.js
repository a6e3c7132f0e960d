import { lines } from "../lines.js";

/** @typedef {"http" | "sse"} Streamed */

/**
 * How a stream's ticks arrived.
 * @typedef {object} Arrival
 * @property {Streamed} transport
 * @property {number} ticks that arrived
 * @property {number} lumped of them came together with the one before, though they left apart
 * @property {number} held milliseconds for which the one that was held longest was held longer than the one held least
 */

const TICKS = 20;
const INTERVAL = 100;
const DEADLINE = 10_000;

/** So close to each other come none that travel alone. */
const TOGETHER = 15;
const APART = 60;

/**
 * Reads a stream of frequent ticks and sets the moments they arrived against those the service put on them.
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
 * @param {readonly Tick[]} ticks `left` on the service's clock, `came` on ours
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
    // What came so far tells what there is to tell.
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
