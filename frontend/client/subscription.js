// SPDX-License-Identifier: Apache-2.0
import { AUTHENTICATE, SUBSCRIBE, TRANSPORTS } from "./channel-transports.js";
import { farewell } from "./endings.js";
import { randomHex } from "./label.js";
import { PendingCommands } from "./pending-commands.js";
import { PositionTracker } from "./position-tracker.js";
import { post, Refusal } from "./publishing.js";
import { Reconnecting } from "./reconnecting.js";
import { Silence } from "./silence.js";
import { authenticateStream, refresh } from "./token-refresh.js";
import { TokenSource } from "./token-source.js";
import { TransportFallback } from "./transport-fallback.js";
import { TransportUpgrade } from "./transport-upgrade.js";

/** @typedef {import("./channel.js").Options} Options */
/** @typedef {import("./channel-transports.js").Attempt} Attempt */
/** @typedef {import("./channel-transports.js").Transport} Transport */
/** @typedef {import("./channel-transports.js").ServerEvent} ServerEvent */
/** @typedef {import("./reconnecting.js").Wire} Wire */
/** @typedef {import("./reconnecting.js").Ending} Ending */
/** @typedef {import("./publishing.js").Published} Published */

/** Milliseconds without a first event after which a transport counts as blocked or buffered. */
const BLOCKED_AFTER = 5_000;

/** Milliseconds for the first answer of a poll, which comes at once unless the server is away. */
const POLL = 12_000;

/** @type {import("./channel-transports.js").TransportName[]} */
const USUAL = ["websocket", "ndjson", "poll"];

/** Codes of errors that say that the token, or its absence, is the reason. */
const DENIALS = new Set(["unauthenticated", "denied"]);

/** Bytes. Longer commands go by POST: on a WebSocket, a command over the server's limit closes the connection. */
const LONGEST_COMMAND = 32 * 1024;

/**
 * The transport that worked last, by server: the next subscription begins with it.
 * @type {Map<string, string>}
 */
const worked = new Map();

/** One subscription to a channel; `subscribe` makes it. */
export class Subscription {
  #server;
  #channel;
  #mode;
  #label;
  #options;
  #transports;
  #connection = new Reconnecting((wire) => this.#dial(wire));
  #closed = new AbortController();
  #tracker;
  #pending = new PendingCommands();
  #blockedAfter;
  #upgrade;
  #token;
  /** @type {((command: object) => void) | void} */
  #send = undefined;

  /**
   * @param {URL} server
   * @param {Omit<Options, "url">} options
   */
  constructor(server, options) {
    const { channel, from, mode = "all", label = "", transports = USUAL, token } = options;
    this.#options = options;
    this.#server = server;
    this.#channel = channel;
    this.#tracker = new PositionTracker(
      { channel, from, mode },
      (message) => this.#tell(options.onMessage, message),
      (gap) => this.#tell(options.onGap, gap),
    );
    this.#mode = mode;
    this.#label = label;
    this.#token = new TokenSource(token);
    this.#blockedAfter = options.blockedAfter ?? BLOCKED_AFTER;
    this.#transports = new TransportFallback(usable(transports.map(transport), options.WebSocket), worked.get(this.#server.href));
    this.#upgrade = new TransportUpgrade(this.#transports, (dial, attempt) => this.#open(dial, attempt), this.#blockedAfter, options.betterAfter);
    this.#connection.addEventListener("state", () => this.#tell(options.onState, { ...this.state, transport: this.transport }));
    const { signal } = this.#closed;
    globalThis.addEventListener?.("online", () => {
      if (this.state.name === "reconnecting" || this.state.name === "expired") this.reconnect();
    }, { signal });
    // Later, so that the caller has the subscription before its first callback.
    queueMicrotask(() => {
      if (!signal.aborted) this.#connection.connect();
    });
  }

  /** @returns {string | undefined} of the last message; before the first one, where the subscription began. Pass it to `from` to resume */
  get position() {
    return this.#tracker.position;
  }

  /** @returns {import("./reconnecting.js").State} */
  get state() {
    return this.#connection.state;
  }

  /** @returns {string} name of the one in use, or tried next */
  get transport() {
    return this.#transports.current.name;
  }

  /** Connects at once, if it waits to reconnect, has failed or was denied. */
  reconnect() {
    if (!this.#closed.signal.aborted && this.state.name !== "closed") this.#connection.connect();
  }

  /** Ends it for good. No callback is called after the last state. */
  close() {
    if (this.#closed.signal.aborted) return;
    this.#connection.disconnect();
    this.#closed.abort();
  }

  /**
   * Publishes to this channel, over the open connection if that can send, otherwise by HTTP.
   * @param {unknown} data anything that JSON can represent
   * @param {{event?: string, key?: string, traceparent?: string, tracestate?: string, signal?: AbortSignal}} [options]
   * @returns {Promise<Published>}
   */
  async publish(data, { event, key = randomHex(16), traceparent, tracestate, signal } = {}) {
    signal?.throwIfAborted();
    const draft = { channel: this.#channel, data, event, key, traceparent, tracestate };
    const answer = await this.#ask({ type: "publish", ...draft });
    if (answer?.type === "published") {
      return { channel: this.#channel, position: answer.position, over: this.transport };
    }
    if (answer?.code?.startsWith("bad-") || answer?.code === "too-big" || DENIALS.has(answer?.code)) {
      throw new Refusal(answer?.message);
    }
    // The server recognizes the key if it has accepted the message already.
    return post(this.#server, { ...draft, signal }, this.#token);
  }

  /**
   * @param {object} command
   * @returns {Promise<ServerEvent | undefined>} undefined if no answer comes
   */
  #ask(command) {
    const send = this.#send;
    if (!send || this.state.name !== "open" || JSON.stringify(command).length > LONGEST_COMMAND) {
      return Promise.resolve(undefined);
    }
    return this.#pending.send(command, send);
  }

  /** @param {Wire} wire */
  async #dial(wire) {
    const { signal } = wire;
    try {
      const token = await this.#token.forConnection(signal);
      if (!signal.aborted) this.#subscribe(wire, token);
    } catch (failure) {
      wire.lost(this.#token.ending(failure));
    }
  }

  /**
   * @param {Wire} wire
   * @param {string | undefined} token
   */
  #subscribe(wire, token) {
    const { signal } = wire;
    const { name, dial } = this.#transports.current;
    const silence = new Silence();
    let opened = false;
    let connection = "";
    /** @param {Ending} ending */
    const lost = (ending, blocked = false) => {
      if (signal.aborted) return;
      if (!opened && ending.state === undefined) this.#transports.failed(blocked);
      if (ending.rejected) this.#token.reject(ending.rejected, ending.reason);
      wire.lost(ending);
    };
    const timer = setTimeout(
      () => lost({ reason: `Nothing came over ${name}`, retry: true }, true),
      name === "poll" ? POLL : this.#blockedAfter,
    );
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      this.#send = undefined;
      this.#pending.abandon();
    }, { once: true });
    const { from } = this.#tracker;
    this.#send = this.#open(dial, {
      from,
      token,
      signal,
      heard: () => silence.heard(),
      lost,
      take: (event) => {
        if (signal.aborted) return;
        if (event.type === "welcome") {
          connection = event.connection;
          silence.watch(event.heartbeat, signal, () => this.#send?.({ type: "ping" }), (silent) =>
            lost({ reason: `Nothing heard for ${Math.round(silent / 1000)}\u00a0s`, retry: true }));
        } else if (event.type === "subscribed") {
          clearTimeout(timer);
          opened = true;
          this.#transports.worked();
          if (this.#transports.isChoice) worked.set(this.#server.href, name);
          this.#subscribed(event, from, wire);
          this.#upgrade.begin(signal, () => this.#connection.reopen("Ended here, as a preferred transport works"));
        } else if (event.type === "expiring") {
          refresh(this.#token, (token) => this.#authenticate(connection, token, signal), signal);
        } else {
          this.#take(event, lost);
        }
      },
    });
  }

  /**
   * @param {Transport["dial"]} dial
   * @param {Pick<Attempt, "from" | "token" | "signal" | "heard" | "lost" | "take">} attempt
   */
  #open(dial, attempt) {
    try {
      return dial({
        server: this.#server,
        channel: this.#channel,
        mode: this.#mode,
        label: this.#label,
        token: this.#token.current,
        WebSocket: this.#options.WebSocket,
        ...attempt,
      });
    } catch (error) {
      // For example a WebSocket without TLS on a page with TLS.
      queueMicrotask(() => attempt.lost({ reason: String(error), retry: true }));
    }
  }

  /**
   * Gives the open connection another token.
   * @param {string} connection
   * @param {string} token
   * @param {AbortSignal} signal
   * @returns {Promise<"accepted" | "refused" | "failed">}
   */
  async #authenticate(connection, token, signal) {
    if (!this.#send) return authenticateStream(this.#server, connection, token, signal);
    const answer = await this.#pending.send({ type: "authenticate", token }, this.#send);
    if (answer?.type === "authenticated") return "accepted";
    return DENIALS.has(answer?.code) ? "refused" : "failed";
  }

  /**
   * @param {ServerEvent} event
   * @param {string | undefined} from what was asked for
   * @param {Wire} wire
   */
  #subscribed(event, from, wire) {
    this.#tracker.began(event, from);
    wire.opened();
    if (!event.resumed) this.#tracker.skip(event.position);
  }

  /**
   * @param {ServerEvent} event
   * @param {(ending: Ending) => void} lost
   */
  #take(event, lost) {
    switch (event.type) {
      case "message":
        return this.#tracker.message(event);
      case "gap":
        return this.#tracker.skip(event.position);
      case "ping":
        return this.#send?.({ type: "pong" });
      case "goodbye":
        return lost(farewell(event));
      case "unsubscribed":
        return lost({ reason: "The permission to subscribe has ended", retry: false, state: "denied" });
      case "published":
      case "authenticated":
        return this.#pending.answered(event);
      case "error":
        if (event.id === SUBSCRIBE || event.id === AUTHENTICATE) lost(refusal(event));
        else this.#pending.answered(event);
    }
  }

  /**
   * An error that a callback throws is the page's, and must not end the connection.
   * @template Value
   * @param {((value: Value) => void) | undefined} callback
   * @param {Value} value
   */
  #tell(callback, value) {
    if (this.#closed.signal.aborted) return;
    try {
      callback?.(value);
    } catch (error) {
      // As reportError, which Node lacks.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/**
 * @param {ServerEvent} error the answer to a first command
 * @returns {Ending}
 */
function refusal({ code, message }) {
  if (DENIALS.has(code)) return { reason: message, retry: false, state: "denied" };
  return { reason: message, retry: !code.startsWith("bad-") };
}

/** @param {import("./channel-transports.js").TransportName | Transport} transport */
function transport(transport) {
  if (typeof transport !== "string") return transport;
  if (!Object.hasOwn(TRANSPORTS, transport)) {
    throw new TypeError(`transports: '${transport}' is none of ${Object.keys(TRANSPORTS).join(", ")}`);
  }
  return TRANSPORTS[transport];
}

/**
 * @param {Transport[]} transports
 * @param {Options["WebSocket"]} WebSocket
 */
function usable(transports, WebSocket = globalThis.WebSocket) {
  const usable = WebSocket ? transports : transports.filter((transport) => transport !== TRANSPORTS.websocket);
  if (usable.length === 0) {
    throw new TypeError("transports: there is no 'websocket' here without the option WebSocket, such as that of the package ws");
  }
  return usable;
}
