/** @typedef {import("./channel-transports.js").ServerEvent} ServerEvent */

/** For the answer to a command, before it is repeated by other means. */
const ANSWER = 10_000;

/** Commands that wait for their answer, by the id that they are given. */
export class Questions {
  /** @type {Map<string, (answer: ServerEvent | undefined) => void>} */
  #asked = new Map();
  #ids = 0;

  /**
   * @param {object} command
   * @param {(command: object) => void} send
   * @returns {Promise<ServerEvent | undefined>} undefined if nothing answers
   */
  ask(command, send) {
    const id = `c${++this.#ids}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => answered(undefined), ANSWER);
      const answered = (/** @type {ServerEvent | undefined} */ answer) => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(answer);
      };
      this.#asked.set(id, answered);
      send({ id, ...command });
    });
  }

  /** @param {ServerEvent} event of which it is not known whether anyone asked */
  answered(event) {
    this.#asked.get(event.id)?.(event);
  }

  /** The connection is gone: what was asked on it is not answered any more. */
  abandon() {
    this.#asked.forEach((answered) => answered(undefined));
  }
}
