// SPDX-License-Identifier: Apache-2.0
/**
 * A token, or a function that gives one. A function is called before each connection, and when the token is about to
 * expire. Null, undefined and the empty text are no token.
 * @typedef {string | null | undefined | (() => string | null | undefined | Promise<string | null | undefined>)} TokenOption
 */

/** @typedef {import("./reconnecting.js").Ending} Ending */

/** Milliseconds that a token function may take. */
const LIMIT = 10_000;

/** What a header can carry without quoting. */
const SENDABLE = /^[\x21-\x7e]+$/;

/** Why there is no token to use. The text never contains a token. */
class TokenFailure extends Error {}

/** Where one client gets its tokens. No text of it contains a token. */
export class TokenSource {
  #option;
  /** @type {string | undefined} */
  #current;
  /**
   * A token that the service no longer accepts, and the state without another one.
   * @type {{token: string, state: "denied" | "expired", reason: string} | undefined}
   */
  #rejected;

  /** @param {TokenOption} option */
  constructor(option) {
    this.#option = option;
  }

  /** @returns {string | undefined} the token in use */
  get current() {
    return this.#current;
  }

  /** Whether another token may come. */
  get canRenew() {
    return typeof this.#option === "function";
  }

  /**
   * @param {AbortSignal} [signal] after which the result does not matter
   * @returns {Promise<string | undefined>} undefined for none; rejected with what `ending` understands
   */
  async next(signal) {
    const option = this.#option;
    const token = (typeof option === "function" ? await answer(option, signal) : option) ?? "";
    if (typeof token !== "string") throw new TokenFailure("The token is not a text");
    if (token === "") return undefined;
    if (!SENDABLE.test(token)) throw new TokenFailure("The token has characters that no header can carry");
    return token;
  }

  /**
   * As `next`, for a new connection. A token that was rejected is not sent again.
   * @param {AbortSignal} signal
   */
  async forConnection(signal) {
    const token = await this.next(signal);
    if (token !== undefined && token === this.#rejected?.token) throw new TokenFailure("There is no other token");
    this.use(token);
    return token;
  }

  /** @param {string | undefined} token in use from now on */
  use(token) {
    this.#current = token;
    this.#rejected = undefined;
  }

  /**
   * The service no longer accepts the token in use.
   * @param {"denied" | "expired"} state that this leads to, if there is no other token
   * @param {string} reason
   */
  reject(state, reason) {
    if (this.#current !== undefined) this.#rejected = { token: this.#current, state, reason };
  }

  /**
   * @param {unknown} failure of `forConnection`
   * @returns {Ending}
   */
  ending(failure) {
    const { message: trouble } = failure instanceof TokenFailure ? failure : { message: "The token function failed" };
    if (!this.#rejected) {
      return this.canRenew ? { reason: trouble, retry: true } : { reason: trouble, retry: false, state: "denied" };
    }
    const { state, reason } = this.#rejected;
    return { reason: `${reason}. ${trouble}`, retry: this.canRenew && state === "expired", state };
  }
}

/**
 * @param {() => unknown} ask
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
function answer(ask, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TokenFailure("The token function did not answer within 10\u00a0s")), LIMIT);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
    new Promise((done) => done(ask()))
      // The text of what it throws is the page's own, and may contain anything.
      .then(resolve, () => reject(new TokenFailure("The token function failed")))
      .finally(() => clearTimeout(timer));
  });
}
