import { closed } from "./endings.js";

/**
 * Opens a WebSocket on the page's own server and ties it to the wire. Binary messages come as ArrayBuffer.
 * @param {string} path
 * @param {import("./reconnecting.js").Wire} wire
 * @param {(data: string | ArrayBuffer) => void} received
 * @returns {WebSocket}
 */
export function openWebSocket(path, wire, received) {
  const { signal } = wire;
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
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
