import { HttpLine } from "./http-line.js";
import { SocketLine } from "./socket-line.js";

/** @typedef {import("./socket-line.js").Line} Line */
/** @typedef {"websocket" | "http" | "tcp"} Transport */

/**
 * A way to send a message and receive it back.
 * @typedef {object} Way
 * @property {string} id
 * @property {string} name
 * @property {Transport} transport
 * @property {boolean} short whether every message has a new connection
 * @property {string} path
 * @property {(label: string, signal: AbortSignal) => Promise<Line>} open
 */

/** Its answer ends the connection. A page has no other means to make the browser open a new one. */
const ENDING = "/echo?connection=close";

/** @type {readonly Way[]} */
export const WAYS = [
  socket("websocket", "WebSocket", false, "/echo", "text"),
  socket("websocket-short", "WebSocket", true, "/echo", "text"),
  requests("http", false, "/echo"),
  requests("http-short", true, ENDING),
  socket("tcp", "TCP (bridged)", false, "/tcp", "binary"),
  socket("tcp-short", "TCP (bridged)", true, "/tcp", "binary"),
];

export const WAY_IDS = WAYS.map(({ id }) => id);

/** @param {string} id */
export function wayOf(id) {
  return /** @type {Way} */ (WAYS.find((way) => way.id === id));
}

/**
 * @param {string} id
 * @param {string} name
 * @param {boolean} short
 * @param {string} path
 * @param {"text" | "binary"} kind
 * @returns {Way}
 */
function socket(id, name, short, path, kind) {
  return {
    id,
    name: named(name, short),
    transport: path === "/tcp" ? "tcp" : "websocket",
    short,
    path,
    open: (label, signal) => SocketLine.open(path, kind, label, signal),
  };
}

/**
 * @param {string} id
 * @param {boolean} short
 * @param {string} path
 * @returns {Way}
 */
function requests(id, short, path) {
  return { id, name: named("HTTP", short), transport: "http", short, path, open: async (_, signal) => new HttpLine(path, signal) };
}

/**
 * @param {string} name
 * @param {boolean} short
 */
function named(name, short) {
  return `${name}, ${short ? "one each" : "kept open"}`;
}
