// SPDX-License-Identifier: Apache-2.0
import { actuator } from "./actuator.js";
import { covers, detail, whoAmI } from "./identity.js";

/** @typedef {import("./identity.js").Identity} Identity */

/** @typedef {"subscribe" | "publish" | "observe" | "operate" | "test"} Action */

/** Roles that allow an action, the least of them first. @type {Readonly<Record<"observe" | "operate" | "test", string[]>>} */
const ROLES = { observe: ["observer", "operator"], operate: ["operator"], test: ["tester"] };

/** What is asked to learn, in the server's words, what a client that may do nothing needs. */
const PROBE = "/connections?size=1";

/** The longest time that a timer of a browser can wait. */
const LONGEST = 2 ** 31 - 1;

/**
 * Who the page's user is. The token stays in memory; nothing else has it. Dispatches `change` when the user, or what is
 * known of it, changes.
 */
export class Session extends EventTarget {
  /** @type {string | undefined} */
  #token;
  /** @type {Identity | undefined} */
  #identity;
  #known = false;
  #expired = false;
  #trouble = "";
  #asking = new AbortController();
  #validity = new AbortController();

  /** @returns {string | undefined} the token to send; an arrow function, so that it can be handed on */
  token = () => this.#token;

  /** @returns {Identity | undefined} undefined while it is not known, or if the server knows no identities */
  get identity() {
    return this.#identity;
  }

  /** Whether the server was asked who this is. */
  get isKnown() {
    return this.#known;
  }

  get isSignedIn() {
    return this.#token !== undefined;
  }

  /** Whether the token has expired. */
  get isExpired() {
    return this.#expired;
  }

  /** @returns {string} what is missing, or why nothing is known; a sentence without its full stop, or empty */
  get trouble() {
    return this.#trouble;
  }

  /** Asks the server who this page's user is without a token. */
  async load() {
    const signal = this.#ask();
    const found = await whoAmI(undefined, signal);
    if (signal.aborted) return;
    const identity = found && "subject" in found ? found : undefined;
    const trouble = found && "trouble" in found ? found.trouble : "";
    const missing = identity?.kind === "anonymous" && !allowed(identity, "observe", "") ? await reason(signal) : "";
    if (!signal.aborted) this.#become(undefined, identity, trouble || missing);
  }

  /**
   * @param {string} token
   * @returns {Promise<string>} why it is not accepted, and the user stays who it was; empty if it is
   */
  async signIn(token) {
    const signal = this.#ask();
    if (!/^[\x21-\x7e]+$/.test(token)) return "A token has no spaces, line breaks or letters with accents";
    const found = await whoAmI(token, signal);
    if (signal.aborted) return "";
    if (found === undefined) return "This server knows no tokens";
    if ("trouble" in found) return found.trouble;
    this.#become(token, found, "");
    return "";
  }

  signOut() {
    this.#become(undefined, undefined, "", false);
    return this.load();
  }

  /**
   * @param {Action} action
   * @param {string} [channel]
   * @returns {string} why the user may not, a sentence without its full stop; empty if it may, or if that is not known
   */
  why(action, channel = "") {
    const identity = this.#identity;
    if (!identity) return "";
    if (this.#expired) return `The token of ‘${identity.subject}’ has expired; sign in with another one`;
    return allowed(identity, action, channel) ? "" : missing(identity, action, channel);
  }

  /** Only the last question counts. */
  #ask() {
    this.#asking.abort();
    this.#asking = new AbortController();
    return this.#asking.signal;
  }

  /**
   * @param {string | undefined} token
   * @param {Identity | undefined} identity
   * @param {string} trouble
   * @param {boolean} [known]
   */
  #become(token, identity, trouble, known = true) {
    this.#validity.abort();
    this.#validity = new AbortController();
    this.#token = token;
    this.#identity = identity;
    this.#trouble = trouble;
    this.#expired = false;
    this.#known = known;
    if (identity?.expires) this.#expireAt(identity.expires, this.#validity.signal);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * @param {Date} expires
   * @param {AbortSignal} signal
   */
  #expireAt(expires, signal) {
    const left = expires.getTime() - Date.now();
    const timer = setTimeout(() => {
      if (left > LONGEST) return this.#expireAt(expires, signal);
      this.#expired = true;
      this.dispatchEvent(new Event("change"));
    }, Math.min(LONGEST, Math.max(0, left)));
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }
}

/**
 * @param {Identity} identity
 * @param {Action} action
 * @param {string} channel
 */
function allowed({ subject, permissions }, action, channel) {
  return action === "subscribe" || action === "publish"
    ? covers(permissions[action], channel, subject)
    : ROLES[action].some((role) => permissions.role.includes(role));
}

/**
 * @param {Identity} identity
 * @param {Action} action
 * @param {string} channel
 */
function missing({ subject, kind, permissions }, action, channel) {
  const isChannel = action === "subscribe" || action === "publish";
  const needed = isChannel ? `the permission to ${action} to ‘${channel}’` : `the role ${ROLES[action].join(" or ")}`;
  if (kind === "anonymous") return `Sign in: a token with ${needed} is needed`;
  const own = permissions[isChannel ? action : "role"];
  return `‘${subject}’ does not have ${needed}; it has ${own.length > 0 ? own.join(", ") : "none"}`;
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<string>} empty if it cannot be learned
 */
async function reason(signal) {
  try {
    const response = await actuator(PROBE, { headers: { Accept: "application/json" }, cache: "no-store", signal });
    return response.status === 401 || response.status === 403 ? await detail(response) : "";
  } catch {
    return "";
  }
}
