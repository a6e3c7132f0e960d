import { Conversation } from "./conversation.js";
import { openWebSocket } from "./websocket.js";

/** @typedef {"text" | "binary"} Kind */

/** WebSocket `/echo`: text and binary messages, each of which comes back with its own type. */
export class WebSocketEcho extends Conversation {
  /** @type {import("./websocket.js").Socket | undefined} */
  #socket;
  /** @type {{message: string, kind: Kind, since: number}[]} */
  #onTheWay = [];
  #encoder = new TextEncoder();

  /**
   * @param {string} message
   * @param {Kind} kind binary sends the UTF-8 bytes
   */
  send(message, kind) {
    if (!this.canSend || !this.#socket) return;
    const bytes = this.#encoder.encode(message);
    this.#onTheWay.push({ message, kind, since: performance.now() });
    this.#socket.send(kind === "text" ? message : bytes);
    this.sent(message, bytes.length, kind === "binary" ? bytes : undefined);
  }

  /**
   * @protected
   * @param {import("./reconnecting.js").Wire} wire
   */
  dial(wire) {
    this.#onTheWay = [];
    this.#socket = openWebSocket("/echo", this.label, wire, (data) => this.#take(data));
  }

  /** @param {string | ArrayBuffer} data */
  #take(data) {
    const kind = typeof data === "string" ? "text" : "binary";
    const bytes = typeof data === "string" ? this.#encoder.encode(data) : new Uint8Array(data);
    const message = typeof data === "string" ? data : new TextDecoder().decode(bytes);
    const at = this.#onTheWay.findIndex((sent) => sent.kind === kind && sent.message === message);
    if (at >= 0) {
      this.cameBack(this.#onTheWay[at].since);
      // Echoes keep their order: an earlier message that is not back yet will not come.
      this.#onTheWay.splice(0, at + 1);
    }
    this.received(message, bytes.length, kind === "binary" ? bytes : undefined);
    if (at < 0) this.journal.add("event", "The message above is not one that was sent");
  }
}
