// SPDX-License-Identifier: Apache-2.0
import { distance } from "./positions.js";

/** @typedef {import("./channel-transports.js").ServerEvent} ServerEvent */

/**
 * The position of a subscription in its channel. Hands on every message once and in order, and reports missing ones.
 */
export class PositionTracker {
  #channel;
  #mode;
  #onMessage;
  #onGap;
  #from;
  /** @type {string | undefined} */
  #position;
  /** The position up to which messages count as missed while away. @type {string | undefined} */
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

  /** @returns {string | undefined} of the last message; before the first one, where the subscription began */
  get position() {
    return this.#position;
  }

  /** @returns {string | undefined} where the next subscription begins */
  get from() {
    return this.#position ?? this.#from;
  }

  /**
   * @param {ServerEvent} event that confirms the subscription
   * @param {string | undefined} from what was asked for
   */
  began({ position, resumed }, from) {
    this.#missedTo = from !== undefined && resumed ? position : undefined;
    if (from === undefined) this.#position = position;
  }

  /** @param {ServerEvent} event */
  message({ position, data, event, time, traceparent, tracestate }) {
    const step = distance(this.#position, position);
    // The previous connection delivered it already.
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
      traceparent,
      tracestate,
    });
  }

  /**
   * Continues at `position`, and reports the messages before it as missing.
   * @param {string} position
   * @param {number} [missed]
   */
  skip(position, missed = distance(this.#position, position)) {
    const after = this.#position;
    this.#position = position;
    this.#onGap({ after, position, missed: missed >= 0 ? missed : undefined });
  }
}
