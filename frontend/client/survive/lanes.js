// SPDX-License-Identifier: Apache-2.0
/** @typedef {import("./trial.js").Plan} Plan */

/**
 * How many trials run at the same time. Browsers open at most six HTTP/1.1 connections per host, and the page needs some
 * for itself. They allow many WebSockets.
 * @type {Readonly<Record<"requests" | "sockets", number>>}
 */
const LANES = { requests: 4, sockets: 30 };

/** @param {Plan} plan */
function laneOf({ transport }) {
  return transport === "websocket" ? "sockets" : "requests";
}

/**
 * Runs all items, as many at the same time as there are lanes. The longest start first, so that none runs alone at the end.
 * @template {{plan: Plan}} Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<void>} run
 * @returns {Promise<void>}
 */
export async function inLanes(items, run) {
  await Promise.all(["requests", "sockets"].flatMap((kind) => {
    const queue = longestFirst(items.filter(({ plan }) => laneOf(plan) === kind));
    return Array.from({ length: LANES[/** @type {keyof typeof LANES} */ (kind)] }, async () => {
      for (let item = queue.shift(); item; item = queue.shift()) await run(item);
    });
  }));
}

/**
 * @param {readonly Plan[]} plans
 * @returns {number} milliseconds that they take if all survive
 */
export function estimate(plans) {
  return Math.max(0, ...["requests", "sockets"].map((kind) => {
    const lanes = new Array(LANES[/** @type {keyof typeof LANES} */ (kind)]).fill(0);
    for (const { plan } of longestFirst(plans.filter((plan) => laneOf(plan) === kind).map((plan) => ({ plan })))) {
      const next = lanes.indexOf(Math.min(...lanes));
      lanes[next] += plan.silence;
    }
    return Math.max(...lanes);
  }));
}

/**
 * @template {{plan: Plan}} Item
 * @param {readonly Item[]} items
 */
function longestFirst(items) {
  return items.toSorted((a, b) => b.plan.silence - a.plan.silence);
}
