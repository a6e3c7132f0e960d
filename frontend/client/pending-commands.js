// SPDX-License-Identifier: Apache-2.0
/** @typedef {import("./channel-transports.js").ServerEvent} ServerEvent */

/** Milliseconds to wait for an answer, before the command is repeated over HTTP. */
const TIMEOUT = 10_000;

/** Commands that wait for their answer, by the id that each is given. */
export class PendingCommands {
  /** @type {Map<string, (answer: ServerEvent | undefined) => void>} */
  #pending = new Map();
  #ids = 0;

  /**
   * @param {object} command
   * @param {(command: object) => void} send
   * @returns {Promise<ServerEvent | undefined>} undefined if no answer comes
   */
  send(command, send) {
    const id = `c${++this.#ids}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => answered(undefined), TIMEOUT);
      const answered = (/** @type {ServerEvent | undefined} */ answer) => {
        clearTimeout(timer);
        this.#pending.delete(id);
        resolve(answer);
      };
      this.#pending.set(id, answered);
      send({ id, ...command });
    });
  }

  /** @param {ServerEvent} event that may be the answer to a pending command */
  answered(event) {
    this.#pending.get(event.id)?.(event);
  }

  /** The connection is closed: its pending commands will not be answered. */
  abandon() {
    this.#pending.forEach((answered) => answered(undefined));
  }
}
