// What is known about intermediaries, in a file that the command line reads, too.
import known from "./intermediaries.json" with { type: "json" };

/** @typedef {import("./trial.js").Transport} Transport */

/**
 * @typedef {object} Product
 * @property {string} name
 * @property {string} stream the setting that limits silent responses
 * @property {string} webSocket the setting that limits silent WebSockets
 * @property {string | null} noBuffering the setting that passes events on at once
 */

/** @type {readonly {seconds: number, whose: string}[]} */
export const IDLE_TIMEOUTS = known.idleTimeouts;

/** The default of holdfast.heartbeat.interval, in milliseconds. */
export const OWN_HEARTBEAT = 1_000 * known.ownDefaults.heartbeatSeconds;

/** @type {readonly Product[]} to mention, since a page cannot see which product is there */
const SUSPECTS = known.products.filter((/** @type {Product} */ { name }) => known.suspects.includes(name));

/** How to switch buffering off, for example. */
export const withoutBuffering = SUSPECTS
  .filter(({ noBuffering }) => noBuffering)
  .map(({ name, noBuffering }) => `${name}: ${noBuffering}`)
  .join(", ");

/**
 * @param {readonly Transport[]} transports
 * @returns {string[]} settings that may end their silent connections
 */
export function suspects(transports) {
  const settings = SUSPECTS.flatMap(({ name, stream, webSocket }) =>
    transports.map((transport) => `${name}’s ${transport === "websocket" ? webSocket : stream}`));
  return [...new Set(settings)];
}
