import { Conversation } from "./conversation.js";
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

  /**
   * @protected
   * @param {import("./reconnecting.js").Wire} wire
   */
  dial(wire) {
    this.#bytesOut = this.#bytesIn = 0;
    this.#onTheWay = [];
    this.#decoder = new TextDecoder();
    this.#socket = openWebSocket("/tcp", this.label, wire, (data) => {
      if (typeof data !== "string") this.#take(new Uint8Array(data));
    });
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  #take(bytes) {
    this.#bytesIn += bytes.length;
    while (this.#onTheWay.length > 0 && this.#onTheWay[0].end <= this.#bytesIn) {
      this.cameBack(this.#onTheWay[0].since);
      this.#onTheWay.shift();
    }
    // A character that is split between two pieces belongs to the second.
    this.received(this.#decoder.decode(bytes, { stream: true }), bytes.length, bytes);
  }
}
