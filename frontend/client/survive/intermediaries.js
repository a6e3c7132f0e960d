// SPDX-License-Identifier: Apache-2.0
// What is known about intermediaries, in a file that the command line reads, too.
import known from "./intermediaries.json" with { type: "json" };
import { LONGEST_NAME } from "./result.js";

/** @typedef {import("./trial.js").Transport} Transport */

/**
 * @typedef {object} Product
 * @property {string} name
 * @property {string} mark what its `Server` or `Via` contains, in lower case
 * @property {string} stream the setting that limits silent responses
 * @property {string | null} webSocket the setting that limits silent WebSockets; null if none does
 * @property {string | null} noBuffering the setting that passes events on at once
 * @property {string | null} line how a line of its configuration is written; null if it has no such lines
 * @property {string | null} where that line belongs
 * @property {boolean} tested whether a test runs it before the service
 */

/** @type {readonly {seconds: number, whose: string}[]} */
export const IDLE_TIMEOUTS = known.idleTimeouts;

/** The default of holdfast.heartbeat.interval, in milliseconds. */
export const OWN_HEARTBEAT = 1_000 * known.ownDefaults.heartbeatSeconds;

/** The timeout to set in an intermediary: with the default heartbeat, two may be lost. */
export const ENOUGH = 3 * OWN_HEARTBEAT;

/** @type {readonly Product[]} */
const PRODUCTS = known.products;

/** To mention if an intermediary does not send its name. */
const SUSPECTS = PRODUCTS.filter(({ name }) => known.suspects.includes(name));

const TIMEOUT = 5_000;

/**
 * The name of an intermediary, from the headers of a response, as the command line takes it. The service sends none.
 * @param {AbortSignal} signal
 * @returns {Promise<string | undefined>} as `nginx/1.22.1`; undefined if there is none, or it does not send its name
 */
export async function intermediary(signal) {
  try {
    const { headers, body } = await fetch("/inspect", {
      cache: "no-store",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    await body?.cancel();
    return shown(headers.get("Server"), headers.get("Via"));
  } catch {
    return undefined;
  }
}

/**
 * @param {string | null} server
 * @param {string | null} via
 */
function shown(server, via) {
  const name = server !== null && productOf(server) ? server : via;
  return name?.slice(0, LONGEST_NAME);
}

/**
 * @param {string | undefined} name as an intermediary sends it
 * @returns {Product | undefined} undefined if the product is not known
 */
export function productOf(name) {
  return PRODUCTS.find(({ mark }) => name?.toLowerCase().includes(mark));
}

/**
 * @param {string | undefined} name of an intermediary
 * @returns {string} how to switch its buffering off, or for example that of others
 */
export function withoutBuffering(name) {
  const product = productOf(name);
  return (product ? [product] : SUSPECTS)
    .filter(({ noBuffering }) => noBuffering)
    .map(({ name, noBuffering }) => `${name}: ${noBuffering}`)
    .join(", ");
}

/**
 * @param {Product} product
 * @param {Transport} transport
 * @returns {string | null} the setting that limits its silence
 */
export function settingOf({ stream, webSocket }, transport) {
  return transport === "websocket" ? webSocket : stream;
}

/**
 * @param {readonly Transport[]} transports
 * @returns {string} settings that may end their silent connections
 */
export function suspects(transports) {
  const settings = SUSPECTS.flatMap((product) => transports.map((transport) => `${product.name}’s ${settingOf(product, transport)}`));
  return [...new Set(settings)].join(", ");
}
