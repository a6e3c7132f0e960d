// SPDX-License-Identifier: Apache-2.0
import { randomHex } from "./label.js";
import { post } from "./publishing.js";
import { Subscription } from "./subscription.js";
import { TokenSource } from "./token-source.js";

export { Refusal } from "./publishing.js";
export { Subscription } from "./subscription.js";

/**
 * @typedef {object} Message
 * @property {string} channel
 * @property {string} position `epoch:offset`, the same on every transport
 * @property {any} data what was published; over `sse`, text that reads as JSON comes as that JSON
 * @property {string} [event] its name, if it was given one
 * @property {Date} [time] when the server took it; not known over `sse`
 * @property {boolean} resumed whether it was published while this was away; not known over `sse`
 * @property {string} [traceparent] its place in a trace, as W3C Trace Context writes it, if it has one
 * @property {string} [tracestate]
 */

/**
 * Messages that were lost: the server no longer has them, or does not know.
 * @typedef {object} Gap
 * @property {string | undefined} after position of the last message before it
 * @property {string} position where it ends; the next messages follow it
 * @property {number} [missed] how many; unknown if the server's history is another one
 */

/** @typedef {import("./reconnecting.js").State & {transport: string}} State */
/** @typedef {import("./publishing.js").Published} Published */
/** @typedef {import("./token-source.js").TokenOption} TokenOption */

/**
 * @typedef {object} Options
 * @property {string} channel
 * @property {string | URL} [url] the server's root; by default that of the server this module came from; as a package, the module came from none
 * @property {string} [from] a position to go on after, or `earliest` for all that is kept; by default what comes from now on
 * @property {"all" | "latest"} [mode] `latest` skips messages while this reads too slowly, instead of being closed
 * @property {readonly (import("./channel-transports.js").TransportName | import("./channel-transports.js").Transport)[]} [transports] the best first: `websocket`, `ndjson`, `sse`, `poll`
 * @property {number} [betterAfter] milliseconds until a better transport is tried again; twice as long each time, to 10 min
 * @property {number} [blockedAfter] milliseconds without a first event until a transport is taken for blocked
 * @property {TokenOption} [token] or a function that gives one, within 10 s
 * @property {import("./websocket.js").SocketConstructor} [WebSocket] by default the global one; Node has none before 22, and does without or takes that of the package `ws`
 * @property {string} [label] what the server's list of connections is to call this
 * @property {(message: Message) => void} [onMessage]
 * @property {(gap: Gap) => void} [onGap]
 * @property {(state: State) => void} [onState]
 */

/**
 * Subscribes to a channel and stays subscribed, on the best transport that works, until it is closed. Every message comes once and in order; if some are missing, `onGap` is called.
 * @param {Options} options
 * @returns {Subscription}
 */
export function subscribe({ url, ...options }) {
  return new Subscription(root(url), options);
}

/**
 * Publishes by HTTP. It is repeated if it is not answered, with a key, so that the server accepts it only once.
 * @param {object} options
 * @param {string} options.channel
 * @param {unknown} options.data anything that JSON can say
 * @param {string} [options.event]
 * @param {string} [options.key] of one's own, to make it repeatable beyond this call
 * @param {string} [options.traceparent] the trace that it belongs to, as W3C Trace Context writes it
 * @param {string} [options.tracestate]
 * @param {string | URL} [options.url] as in {@link Options}
 * @param {import("./token-source.js").TokenOption} [options.token] as in {@link Options}
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<Published>} rejected with a {@link Refusal} that says why it was refused
 */
export function publish({ url, token, ...draft }) {
  return post(root(url), { key: randomHex(16), ...draft }, new TokenSource(token));
}

/** @param {string | URL} [url] */
function root(url = new URL("..", import.meta.url)) {
  const base = globalThis.location?.href;
  if (!URL.canParse(url, base) || !/^https?:$/.test(new URL(url, base).protocol)) {
    throw new TypeError(`url: '${url}' is not the address of a service, as https://holdfast.example.org/`);
  }
  return new URL(url, base);
}
