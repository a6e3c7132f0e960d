// SPDX-License-Identifier: Apache-2.0
import { protocols } from "./bearer.js";
import { Conversation } from "./conversation.js";
import { ofWebSocket } from "./faults.js";
import { openWebSocket } from "./websocket.js";

/** WebSocket `/tcp`: the server's side of it is a TCP connection to its own echo port. Bytes may come back split or joined. */
export class TcpBridge extends Conversation {
  /** @type {import("./websocket.js").Socket | undefined} */
  #socket;
  #decoder = new TextDecoder();
  #encoder = new TextEncoder();
  #bytesOut = 0;
  #bytesIn = 0;
  /** @type {{end: number, since: number}[]} `end` is the place in the stream that has to come back */
  #onTheWay = [];

  /** @param {string} text sent as UTF-8 */
  send(text) {
    if (!this.canSend || !this.#socket) return;
    const bytes = this.#encoder.encode(text);
    if (bytes.length === 0) {
      this.journal.add("event", "Nothing sent: a byte stream has no empty message");
      return;
    }
    this.#bytesOut += bytes.length;
    this.#onTheWay.push({ end: this.#bytesOut, since: performance.now() });
    this.#socket.send(bytes);
    this.sent(text, bytes.length, bytes);
  }

  get address() {
    return "/tcp";
  }

  /**
   * @protected
   * @param {string} text
   */
  check(text) {
    this.send(text);
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
    this.#bytesOut = this.#bytesIn = 0;
    this.#onTheWay = [];
    this.#decoder = new TextDecoder();
    this.#socket = openWebSocket(address, this.label, wire, (data) => {
      if (typeof data !== "string") this.#take(new Uint8Array(data));
    }, token === undefined ? [] : protocols("holdfast.v1", token));
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  #take(bytes) {
    this.#bytesIn += bytes.length;
    // A character that is split between two pieces belongs to the second.
    this.received(this.#decoder.decode(bytes, { stream: true }), bytes.length, bytes);
    while (this.#onTheWay.length > 0 && this.#onTheWay[0].end <= this.#bytesIn) {
      const { since } = this.#onTheWay[0];
      this.#onTheWay.shift();
      this.cameBack(since);
    }
  }
}
