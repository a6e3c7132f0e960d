// SPDX-License-Identifier: Apache-2.0
import { closeIdle, HttpLine, OneRequestLine } from "./http-line.js";
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
 * @property {(label: string, signal: AbortSignal) => Promise<void>} prepare before connections are opened
 */

/** @type {readonly Way[]} */
export const WAYS = [
  socket("websocket", "WebSocket", false, "/echo", "text"),
  socket("websocket-short", "WebSocket", true, "/echo", "text"),
  requests("http", false),
  requests("http-short", true),
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
    prepare: async () => {},
  };
}

/**
 * @param {string} id
 * @param {boolean} short
 * @returns {Way}
 */
function requests(id, short) {
  const path = "/echo";
  return {
    id,
    name: named("HTTP", short),
    transport: "http",
    short,
    path,
    open: async (label, signal) => (short ? new OneRequestLine(path, label, signal) : new HttpLine(path, signal)),
    prepare: short ? closeIdle : async () => {},
  };
}

/**
 * @param {string} name
 * @param {boolean} short
 */
function named(name, short) {
  return `${name}, ${short ? "one each" : "kept open"}`;
}
