import { distance } from "./positions.js";

/** @typedef {import("./channel-transports.js").ServerEvent} ServerEvent */

/**
 * Where a subscription is in its channel. Hands every message on once and in order, and tells of those that are missing.
 */
export class Place {
  #channel;
  #mode;
  #onMessage;
  #onGap;
  #from;
  /** @type {string | undefined} */
  #position;
  /** Position up to which messages are such that were missed. @type {string | undefined} */
  #missedTo;

  /**
   * @param {{channel: string, from?: string, mode: "all" | "latest"}} where it begins
   * @param {(message: import("./channel.js").Message) => void} onMessage
   * @param {(gap: import("./channel.js").Gap) => void} onGap
   */
  constructor({ channel, from, mode }, onMessage, onGap) {
    this.#channel = channel;
    this.#mode = mode;
    this.#onMessage = onMessage;
    this.#onGap = onGap;
    this.#from = from;
    this.#position = from === "earliest" ? undefined : from;
  }

  /** @returns {string | undefined} of the last message, or where the wait for the first began */
  get position() {
    return this.#position;
  }

  /** @returns {string | undefined} what to ask the server for */
  get from() {
    return this.#position ?? this.#from;
  }

  /**
   * @param {ServerEvent} event that the server takes us for a subscriber
   * @param {string | undefined} from what was asked for
   */
  began({ position, resumed }, from) {
    this.#missedTo = from !== undefined && resumed ? position : undefined;
    if (from === undefined) this.#position = position;
  }

  /** @param {ServerEvent} event */
  message({ position, data, event, time }) {
    const step = distance(this.#position, position);
    // One that came on the connection before, too.
    if (step <= 0) return;
    if (this.#position !== undefined && this.#mode === "all" && step !== 1) this.skip(position, step - 1);
    this.#position = position;
    this.#onMessage({
      channel: this.#channel,
      position,
      data,
      event,
      time: time === undefined ? undefined : new Date(time),
      resumed: distance(position, this.#missedTo) >= 0,
    });
  }

  /**
   * Goes on from `position`, without what is missing before it.
   * @param {string} position
   * @param {number} [missed]
   */
  skip(position, missed = distance(this.#position, position)) {
    const after = this.#position;
    this.#position = position;
    this.#onGap({ after, position, missed: missed >= 0 ? missed : undefined });
  }
}
