// SPDX-License-Identifier: Apache-2.0
import { protocols } from "./bearer.js";
import { Conversation } from "./conversation.js";
import { ofWebSocket } from "./faults.js";
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

  get address() {
    return "/echo";
  }

  /**
   * @protected
   * @param {string} text
   */
  check(text) {
    this.send(text, "text");
    return true;
  }

  /**
   * @param {import("./faults.js").Fault} fault
   * @returns {Readonly<Record<string, string>>}
   */
  parameters(fault) {
    return ofWebSocket(fault);
  }

  /**
   * @protected
   * @param {string} address
   * @param {import("./reconnecting.js").Wire} wire
   * @param {string | undefined} token
   */
  dial(address, wire, token) {
    this.#onTheWay = [];
    this.#socket = openWebSocket(address, this.label, wire, (data) => this.#take(data), token === undefined ? [] : protocols("holdfast.v1", token));
  }

  /** @param {string | ArrayBuffer} data */
  #take(data) {
    const kind = typeof data === "string" ? "text" : "binary";
    const bytes = typeof data === "string" ? this.#encoder.encode(data) : new Uint8Array(data);
    const message = typeof data === "string" ? data : new TextDecoder().decode(bytes);
    const at = this.#onTheWay.findIndex((sent) => sent.kind === kind && sent.message === message);
    this.received(message, bytes.length, kind === "binary" ? bytes : undefined);
    if (at < 0) return this.journal.add("event", "The message above is not one that was sent");
    // Echoes keep their order: an earlier message that is not back yet will not come.
    const [{ since }] = this.#onTheWay.splice(0, at + 1).slice(-1);
    this.cameBack(since);
  }
}
