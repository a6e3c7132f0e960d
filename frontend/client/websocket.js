// SPDX-License-Identifier: Apache-2.0
import { closed } from "./endings.js";

/**
 * What is used of a WebSocket: those of browsers, Node and the package `ws` have it.
 * @typedef {object} Socket
 * @property {string} binaryType
 * @property {(data: any) => void} send
 * @property {() => void} close
 * @property {(type: any, listener: (event: any) => void, options?: any) => void} addEventListener
 */

/** @typedef {new (url: URL, protocols: string[]) => Socket} SocketConstructor */

/**
 * Opens a WebSocket and ties it to the wire. Binary messages come as ArrayBuffer.
 * @param {string} path or the whole address, if it is not on the page's own server
 * @param {string} label what the server is to call the connection; empty is nothing
 * @param {import("./reconnecting.js").Wire} wire
 * @param {(data: string | ArrayBuffer) => void} received
 * @param {string[]} [protocols] to offer
 * @param {SocketConstructor} [WebSocket]
 * @returns {Socket}
 */
export function openWebSocket(path, label, wire, received, protocols = [], WebSocket = globalThis.WebSocket) {
  const { signal } = wire;
  const url = new URL(path, globalThis.location?.href);
  if (label !== "") url.searchParams.set("label", label);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, protocols);
  socket.binaryType = "arraybuffer";
  let opened = false;
  // Without a listener, an error of the package `ws` would end the process. The close event follows.
  socket.addEventListener("error", () => {});
  signal.addEventListener("abort", () => socket.close(), { once: true });
  socket.addEventListener("open", () => {
    opened = true;
    wire.opened();
  }, { signal });
  socket.addEventListener("message", (event) => received(event.data), { signal });
  socket.addEventListener("close", (event) => wire.lost(closed(event, opened)), { signal });
  return socket;
}
