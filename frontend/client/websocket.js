import { closed } from "./endings.js";

/**
 * Opens a WebSocket and ties it to the wire. Binary messages come as ArrayBuffer.
 * @param {string} path or the whole address, if it is not on the page's own server
 * @param {string} label what the server is to call the connection; empty is nothing
 * @param {import("./reconnecting.js").Wire} wire
 * @param {(data: string | ArrayBuffer) => void} received
 * @param {string[]} [protocols] to offer
 * @returns {WebSocket}
 */
export function openWebSocket(path, label, wire, received, protocols = []) {
  const { signal } = wire;
  const url = new URL(path, location.href);
  if (label !== "") url.searchParams.set("label", label);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, protocols);
  socket.binaryType = "arraybuffer";
  let opened = false;
  signal.addEventListener("abort", () => socket.close(), { once: true });
  socket.addEventListener("open", () => {
    opened = true;
    wire.opened();
  }, { signal });
  socket.addEventListener("message", (event) => received(event.data), { signal });
  socket.addEventListener("close", (event) => wire.lost(closed(event, opened)), { signal });
  return socket;
}
