import { Journal } from "./journal.js";
import { Reconnecting } from "./reconnecting.js";
import { RoundTrips, Traffic } from "./statistics.js";

/** @typedef {import("./reconnecting.js").Wire} Wire */

/**
 * A connection and its messages. Each transport extends it with how to dial and how to send.
 * Dispatches `state` when the connection changes and `traffic` when a figure does.
 */
export class Conversation extends EventTarget {
  /** The connection's name on the server, from the next time it opens; empty for none. */
  label = "";
  journal = new Journal();
  roundTrips = new RoundTrips();
  traffic = new Traffic();
  #connection = new Reconnecting((wire) => this.dial(wire));

  constructor() {
    super();
    this.#connection.addEventListener("state", () => {
      this.#note();
      this.dispatchEvent(new Event("state"));
    });
  }

  get state() {
    return this.#connection.state;
  }

  get wanted() {
    return this.#connection.wanted;
  }

  get canSend() {
    return this.state.name === "open";
  }

  connect() {
    this.#connection.connect();
  }

  disconnect() {
    this.#connection.disconnect();
  }

  reopen() {
    this.#connection.reopen();
  }

  resetFigures() {
    this.roundTrips.reset();
    this.traffic.reset();
    this.#changed();
  }

  /**
   * Opens one connection, and reports to the wire.
   * @protected
   * @param {Wire} _wire
   */
  dial(_wire) {
    throw new Error("a transport says how to dial");
  }

  /**
   * @protected
   * @param {string} text
   * @param {number} size bytes
   * @param {Uint8Array} [bytes] to be shown beside the text
   */
  sent(text, size, bytes) {
    this.traffic.sent(1, size);
    this.journal.add("out", text, bytes);
    this.#changed();
  }

  /**
   * @protected
   * @param {string} text
   * @param {number} size bytes
   * @param {Uint8Array} [bytes] to be shown beside the text
   */
  received(text, size, bytes) {
    this.traffic.received(1, size);
    this.journal.add("in", text, bytes);
    this.#changed();
  }

  /**
   * @protected
   * @param {number} size bytes that are no message of their own
   */
  receivedBytes(size) {
    this.traffic.received(0, size);
    this.#changed();
  }

  /**
   * @protected
   * @param {number} since when the message left, on the clock of performance.now()
   */
  cameBack(since) {
    this.roundTrips.add(performance.now() - since);
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("traffic"));
  }

  #note() {
    const { state } = this;
    switch (state.name) {
      case "open":
        return this.journal.add("event", "Open");
      case "closed":
        return this.journal.add("event", "Disconnected");
      case "failed":
        return this.journal.add("event", `Failed: ${state.reason}`);
      case "denied":
        return this.journal.add("event", `Denied: ${state.reason}`);
      case "reconnecting": {
        const wait = Math.max(0, state.at - performance.now()) / 1000;
        return this.journal.add("event", `${state.reason}. Next try in ${wait.toFixed(1)}\u00a0s`);
      }
    }
  }
}
