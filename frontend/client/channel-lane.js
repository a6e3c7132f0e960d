// SPDX-License-Identifier: Apache-2.0
import { subscribe } from "./channel.js";
import { Journal } from "./journal.js";
import { distance } from "./positions.js";
import { isWanted } from "./reconnecting.js";
import { RoundTrips } from "./statistics.js";

/** @typedef {import("./channel.js").Message} Message */
/** @typedef {import("./channel.js").Gap} Gap */

/** Times of messages that are kept until the other time is known: more than can be in flight at once. */
const KEPT = 2_000;

/** The newest position of a channel that is known on this page. */
export class Head {
  /** @type {string | undefined} */
  #position;

  get position() {
    return this.#position;
  }

  /** @param {string} position */
  reached(position) {
    // A position of another history counts as newer.
    if (!(distance(this.#position, position) <= 0)) this.#position = position;
  }
}

/**
 * One subscriber of a channel, on one transport, that can be disconnected and resumes where it was. Dispatches `state`
 * when the connection changes and `figures` when a figure does.
 */
export class ChannelLane extends EventTarget {
  /** The connection's name on the server, from the next time it opens; empty for none. */
  label = "";
  /** Gives the token for each connection. @type {import("./token-source.js").TokenOption} */
  token = undefined;
  journal = new Journal();
  /** The time from publishing on this page to arrival, for messages that came live. */
  latencies = new RoundTrips();
  messages = 0;
  resumed = 0;
  lost = 0;
  #transport;
  #head;
  /** @type {import("./subscription.js").Subscription | undefined} */
  #subscription;
  #channel = "";
  /** @type {string | undefined} */
  #position;
  /** Messages up to here were published while this was away. @type {string | undefined} */
  #missedTo;
  /** @type {Map<string, number>} by position */
  #published = new Map();
  /** @type {Map<string, number>} by position */
  #arrived = new Map();

  /**
   * @param {import("./channel-transports.js").TransportName | import("./channel-transports.js").Transport} transport
   * @param {Head} head shared by the lanes of a channel
   */
  constructor(transport, head) {
    super();
    this.#transport = transport;
    this.#head = head;
  }

  /** @returns {import("./reconnecting.js").State} */
  get state() {
    return this.#subscription?.state ?? { name: "closed" };
  }

  get position() {
    return this.#subscription?.position ?? this.#position;
  }

  /** Whether the connection is wanted, and is open or being opened. */
  get wanted() {
    return isWanted(this.state);
  }

  /** @param {string} channel followed from now on */
  follow(channel) {
    this.cut();
    this.#channel = channel;
    this.#position = undefined;
    this.messages = this.resumed = this.lost = 0;
    this.latencies.reset();
    this.reconnect();
  }

  /** Ends the connection, and keeps the position. */
  cut() {
    if (!this.#subscription) return;
    this.#position = this.#subscription.position;
    this.#subscription.close();
  }

  /** Resumes where it was disconnected. */
  reconnect() {
    if (this.wanted) return;
    this.cut();
    this.#subscription = subscribe({
      url: "/",
      channel: this.#channel,
      from: this.#position,
      transports: [this.#transport],
      label: this.label,
      token: this.token,
      onMessage: (message) => this.#take(message),
      onGap: (gap) => this.#skip(gap),
      onState: () => this.#changed(),
    });
  }

  /**
   * @param {string} text
   * @returns {Promise<import("./publishing.js").Published>}
   */
  publish(text) {
    if (!this.#subscription || this.state.name !== "open") return Promise.reject(new Error("Not connected"));
    return this.#subscription.publish(text);
  }

  /**
   * Something was published on this page.
   * @param {string} position
   * @param {number} since when it left, on the clock of performance.now()
   */
  published(position, since) {
    const arrival = this.#arrived.get(position);
    if (arrival === undefined) keep(this.#published, position, since);
    else this.#delivered(since, arrival);
  }

  #changed() {
    const { state } = this;
    if (state.name === "open") {
      this.#missedTo = this.#head.position;
      this.journal.add("event", `Open, at ${this.position}`);
    } else if (state.name === "closed") {
      this.journal.add("event", `Cut off, at ${this.position}`);
    } else if (state.name === "failed") {
      this.journal.add("event", `Failed: ${state.reason}`);
    } else if (state.name === "denied") {
      this.journal.add("event", `Denied: ${state.reason}`);
    } else if (state.name === "reconnecting" || state.name === "expired") {
      this.journal.add("event", state.reason);
    }
    this.dispatchEvent(new Event("state"));
  }

  /** @param {Message} message */
  #take({ position, data, resumed }) {
    const now = performance.now();
    const missed = resumed || distance(position, this.#missedTo) >= 0;
    this.messages++;
    if (missed) this.resumed++;
    else this.#arrival(position, now);
    this.#head.reached(position);
    const text = typeof data === "string" ? data : JSON.stringify(data);
    this.journal.add("in", `#${position.slice(position.lastIndexOf(":") + 1)} ${text}`, undefined, missed ? "resumed" : undefined);
    this.dispatchEvent(new Event("figures"));
  }

  /**
   * @param {string} position
   * @param {number} arrival
   */
  #arrival(position, arrival) {
    const since = this.#published.get(position);
    if (since === undefined) keep(this.#arrived, position, arrival);
    else this.#delivered(since, arrival);
  }

  /**
   * @param {number} since
   * @param {number} arrival
   */
  #delivered(since, arrival) {
    this.latencies.add(arrival - since);
    this.dispatchEvent(new Event("figures"));
  }

  /** @param {Gap} gap */
  #skip({ position, missed }) {
    this.lost += missed ?? 0;
    const what = missed === undefined ? "The server’s history is another one" : `${missed} lost`;
    this.journal.add("event", `${what}; going on after ${position}`, undefined, "gap");
    this.dispatchEvent(new Event("figures"));
  }
}

/**
 * @param {Map<string, number>} times
 * @param {string} position
 * @param {number} time
 */
function keep(times, position, time) {
  times.set(position, time);
  if (times.size > KEPT) times.delete(times.keys().next().value ?? "");
}
