// SPDX-License-Identifier: Apache-2.0
import { refusal } from "./endings.js";
import { FaultRun } from "./faults.js";
import { Journal } from "./journal.js";
import { Reconnecting } from "./reconnecting.js";
import { Silence } from "./silence.js";
import { RoundTrips, Traffic } from "./statistics.js";

/** @typedef {import("./faults.js").Fault} Fault */
/** @typedef {import("./reconnecting.js").Wire} Wire */

/** The longest silence that is not checked. */
export const QUIET = "5s";

/** What is sent to learn whether a silent connection still works. */
const CHECK = "still there?";

/**
 * A connection and its messages. Each transport extends it with how to dial and how to send.
 * Dispatches `state` when the connection changes and `traffic` when a figure does.
 */
export class Conversation extends EventTarget {
  /** The connection's name on the server, from the next time it opens; empty for none. */
  label = "";
  /** Gives the token for a fault that needs a role. @type {() => string | undefined} */
  token = () => undefined;
  /** Whether a silent connection is checked, and replaced if it is dead; takes effect when it is opened next. */
  checks = true;
  /** The fault that was asked for last. @type {FaultRun | undefined} */
  run;
  journal = new Journal();
  roundTrips = new RoundTrips();
  traffic = new Traffic();
  /** What the next attempt asks for, and no later one. @type {Fault | undefined} */
  #next;
  /** What the present attempt has asked for. @type {Fault | undefined} */
  #asked;
  #silence = new Silence();
  /** @type {number | undefined} */
  #lostAt;
  #connection = new Reconnecting((wire) => this.#dial(wire));

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

  /** @param {string} reason for the log */
  reopen(reason) {
    this.#connection.reopen(reason);
  }

  /**
   * Opens another connection, which has the fault. When that has ended, the one that follows has none.
   * @param {Fault} fault
   */
  tryFault(fault) {
    this.run = new FaultRun(fault);
    this.#next = fault;
    this.reopen(`Ended here, to ask for the fault ‘${fault.name}’`);
  }

  resetFigures() {
    this.roundTrips.reset();
    this.traffic.reset();
    this.#changed();
  }

  /** @returns {string} the path and the query of a connection without faults and without a label */
  get address() {
    throw new Error("a transport says its address");
  }

  /** @returns {string} the media type of an answer */
  get accept() {
    return "application/json";
  }

  /**
   * Opens one connection, and reports to the wire.
   * @protected
   * @param {string} _address with the parameters of a fault
   * @param {Wire} _wire
   * @param {string | undefined} _token if this attempt needs one
   */
  dial(_address, _wire, _token) {
    throw new Error("a transport says how to dial");
  }

  /**
   * Sends a message that has to come back.
   * @protected
   * @param {string} _text
   * @returns {boolean} false if nothing can be sent on the connection
   */
  check(_text) {
    return false;
  }

  /**
   * The parameters of a fault on this transport.
   * @param {Fault} fault
   * @returns {Readonly<Record<string, string>>}
   */
  parameters({ parameters }) {
    return parameters;
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
    this.#silence.heard();
    this.journal.add("in", text, bytes);
    this.#changed();
  }

  /**
   * @protected
   * @param {number} size bytes that are no message of their own
   */
  receivedBytes(size) {
    this.traffic.received(0, size);
    this.#silence.heard();
    this.#changed();
  }

  /**
   * @protected
   * @param {number} since when the message left, on the clock of performance.now()
   */
  cameBack(since) {
    const took = performance.now() - since;
    this.roundTrips.add(took);
    this.#changed();
    if (this.fault && this.canSend) this.run?.note(`Answered after ${took.toFixed(took < 100 ? 1 : 0)}\u00a0ms: the connection works`);
    if (this.fault?.survived && this.state.name === "open") this.reopen("Ended here, as the fault has been seen");
  }

  /**
   * What the present connection has asked for.
   * @protected
   */
  get fault() {
    return this.#asked;
  }

  /** @param {Wire} wire */
  #dial(wire) {
    const fault = this.#next;
    this.#next = undefined;
    this.#asked = fault;
    const silence = new Silence();
    this.#silence = silence;
    const parameters = new URLSearchParams(fault && this.parameters(fault));
    const address = withParameters(this.address, parameters);
    this.run?.note(`Opening ${address}`);
    let opened = false;
    /** @type {Wire} */
    const watched = {
      ...wire,
      lost: (ending) => {
        // Browsers hide why a stream or a WebSocket could not be opened.
        if (opened || ending.by) wire.lost(ending);
        else refusal(address, this.accept, wire.signal).then(wire.lost);
      },
      opened: () => {
        opened = true;
        wire.opened();
        if (fault ? fault.asks : this.checks) this.check(CHECK);
        if (!this.checks && !fault) return;
        silence.heard();
        silence.watch(QUIET, wire.signal, () => this.#ask(), (silent) =>
          wire.lost({ reason: `Nothing came for ${(silent / 1000).toFixed(0)} s, so this page takes the connection for dead`, retry: true, by: "page" }));
      },
    };
    this.dial(address, watched, fault?.restricted ? this.token() : undefined);
  }

  #ask() {
    const asked = this.check(CHECK);
    if (this.fault) this.run?.note(asked ? "Nothing came for 5 s. The page asks for an echo" : "Nothing came for 5 s, and a stream cannot be asked");
  }

  #changed() {
    this.dispatchEvent(new Event("traffic"));
  }

  #note() {
    const { state } = this;
    switch (state.name) {
      case "open": {
        const gap = this.#lostAt === undefined ? "" : ` after ${seconds(performance.now() - this.#lostAt)} without a connection`;
        this.#lostAt = undefined;
        this.#event(`Open${gap}`);
        if (this.run && !this.fault) this.run.isOver = true;
        return;
      }
      case "connecting":
        return;
      case "closed":
        this.#lostAt = undefined;
        return this.#event("Disconnected");
      case "failed":
        return this.#event(`Failed: ${state.reason}`);
      case "denied":
        return this.#event(`Denied: ${state.reason}`);
      case "reconnecting":
        this.#lostAt ??= performance.now();
        return this.#event(`${state.reason}. Next try in ${seconds(Math.max(0, state.at - performance.now()))}`);
    }
  }

  /** @param {string} text */
  #event(text) {
    this.journal.add("event", text);
    this.run?.note(text);
  }
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(milliseconds < 950 ? 2 : 1)}\u00a0s`;
}

/**
 * @param {string} address
 * @param {URLSearchParams} parameters replace those of the same name; an empty one removes it
 */
function withParameters(address, parameters) {
  const [path, query] = address.split("?");
  const all = new URLSearchParams(query);
  parameters.forEach((value, name) => (value === "" ? all.delete(name) : all.set(name, value)));
  return all.size > 0 ? `${path}?${all}` : path;
}
