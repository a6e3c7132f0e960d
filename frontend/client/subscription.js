import { SUBSCRIBE, TRANSPORTS } from "./channel-transports.js";
import { Climb } from "./climb.js";
import { farewell } from "./endings.js";
import { randomHex } from "./label.js";
import { Ladder } from "./ladder.js";
import { Place } from "./place.js";
import { post, Refusal } from "./publishing.js";
import { Questions } from "./questions.js";
import { Reconnecting } from "./reconnecting.js";
import { Silence } from "./silence.js";

/** @typedef {import("./channel.js").Options} Options */
/** @typedef {import("./channel-transports.js").Attempt} Attempt */
/** @typedef {import("./channel-transports.js").Transport} Transport */
/** @typedef {import("./channel-transports.js").ServerEvent} ServerEvent */
/** @typedef {import("./reconnecting.js").Wire} Wire */
/** @typedef {import("./reconnecting.js").Ending} Ending */
/** @typedef {import("./publishing.js").Published} Published */

/** Longer without a first event, and the way is taken for blocked or buffered. */
const BLOCKED_AFTER = 5_000;

/** The first answer of a poll comes at once, or the server is away. */
const POLL = 12_000;

const USUAL = ["websocket", "ndjson", "poll"];

/** Longer commands go by POST: on a WebSocket, one over the server's limit would end the connection. */
const LONGEST_COMMAND = 32 * 1024;

/**
 * What worked last, by server: the next subscription begins with it.
 * @type {Map<string, string>}
 */
const worked = new Map();

/** One channel, as a page follows it. */
export class Subscription {
  #server;
  #channel;
  #mode;
  #label;
  #options;
  #ladder;
  #connection = new Reconnecting((wire) => this.#dial(wire));
  #closed = new AbortController();
  #place;
  #questions = new Questions();
  #blockedAfter;
  #climb;
  /** @type {((command: object) => void) | void} */
  #send = undefined;

  /**
   * @param {URL} server
   * @param {Omit<Options, "url">} options
   */
  constructor(server, options) {
    const { channel, from, mode = "all", label = "", transports = USUAL } = options;
    this.#options = options;
    this.#server = server;
    this.#channel = channel;
    this.#place = new Place(
      { channel, from, mode },
      (message) => this.#tell(options.onMessage, message),
      (gap) => this.#tell(options.onGap, gap),
    );
    this.#mode = mode;
    this.#label = label;
    this.#blockedAfter = options.blockedAfter ?? BLOCKED_AFTER;
    this.#ladder = new Ladder(transports.map(transport), worked.get(this.#server.href));
    this.#climb = new Climb(this.#ladder, (dial, attempt) => this.#open(dial, attempt), this.#blockedAfter, options.betterAfter);
    this.#connection.addEventListener("state", () => this.#tell(options.onState, { ...this.state, transport: this.transport }));
    const { signal } = this.#closed;
    globalThis.addEventListener?.("online", () => {
      if (this.state.name === "reconnecting") this.reconnect();
    }, { signal });
    // Later, so that its caller has it in hand when the first callback comes.
    queueMicrotask(() => {
      if (!signal.aborted) this.#connection.connect();
    });
  }

  /** @returns {string | undefined} of the last message, or where the wait for the first began; to be given to `from` */
  get position() {
    return this.#place.position;
  }

  /** @returns {import("./reconnecting.js").State} */
  get state() {
    return this.#connection.state;
  }

  /** @returns {string} name of the one in use, or tried next */
  get transport() {
    return this.#ladder.current.name;
  }

  /** Tries at once, if it waits to reconnect or has failed. */
  reconnect() {
    const { name } = this.state;
    if (!this.#closed.signal.aborted && (name === "reconnecting" || name === "failed")) this.#connection.connect();
  }

  /** Ends it for good: nothing is called back after its last state. */
  close() {
    if (this.#closed.signal.aborted) return;
    this.#connection.disconnect();
    this.#closed.abort();
  }

  /**
   * Publishes to this channel, over the open connection if that goes both ways, else by HTTP.
   * @param {unknown} data anything that JSON can say
   * @param {{event?: string, key?: string, signal?: AbortSignal}} [options]
   * @returns {Promise<Published>}
   */
  async publish(data, { event, key = randomHex(16), signal } = {}) {
    signal?.throwIfAborted();
    const answer = await this.#ask({ type: "publish", channel: this.#channel, data, event, key });
    if (answer?.type === "published") {
      return { channel: this.#channel, position: answer.position, over: this.transport };
    }
    if (answer?.code?.startsWith("bad-") || answer?.code === "too-big") throw new Refusal(answer.message);
    // By the key the server knows it if it took it already.
    return post(this.#server, { channel: this.#channel, data, event, key, signal });
  }

  /**
   * @param {object} command
   * @returns {Promise<ServerEvent | undefined>} undefined if nothing answers
   */
  #ask(command) {
    const send = this.#send;
    if (!send || this.state.name !== "open" || JSON.stringify(command).length > LONGEST_COMMAND) {
      return Promise.resolve(undefined);
    }
    return this.#questions.ask(command, send);
  }

  /** @param {Wire} wire */
  #dial(wire) {
    const { signal } = wire;
    const { name, dial } = this.#ladder.current;
    const silence = new Silence();
    let opened = false;
    /** @param {Ending} ending */
    const lost = (ending, blocked = false) => {
      if (signal.aborted) return;
      if (!opened) this.#ladder.failed(blocked);
      wire.lost(ending);
    };
    const timer = setTimeout(
      () => lost({ reason: `Nothing came over ${name}`, retry: true }, true),
      name === "poll" ? POLL : this.#blockedAfter,
    );
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      this.#send = undefined;
      this.#questions.abandon();
    }, { once: true });
    const { from } = this.#place;
    this.#send = this.#open(dial, {
      from,
      signal,
      heard: () => silence.heard(),
      lost,
      take: (event) => {
        if (signal.aborted) return;
        if (event.type === "welcome") {
          silence.watch(event.heartbeat, signal, () => this.#send?.({ type: "ping" }), (silent) =>
            lost({ reason: `Nothing heard for ${Math.round(silent / 1000)}\u00a0s`, retry: true }));
        } else if (event.type === "subscribed") {
          clearTimeout(timer);
          opened = true;
          this.#ladder.worked();
          if (this.#ladder.isChoice) worked.set(this.#server.href, name);
          this.#subscribed(event, from, wire);
          this.#climb.begin(signal, () => this.#connection.reopen());
        } else {
          this.#take(event, lost);
        }
      },
    });
  }

  /**
   * @param {Transport["dial"]} dial
   * @param {Pick<Attempt, "from" | "signal" | "heard" | "lost" | "take">} attempt
   */
  #open(dial, attempt) {
    try {
      return dial({ server: this.#server, channel: this.#channel, mode: this.#mode, label: this.#label, ...attempt });
    } catch (error) {
      // As a WebSocket without TLS from a page with it.
      queueMicrotask(() => attempt.lost({ reason: String(error), retry: true }));
    }
  }

  /**
   * @param {ServerEvent} event
   * @param {string | undefined} from what was asked for
   * @param {Wire} wire
   */
  #subscribed(event, from, wire) {
    this.#place.began(event, from);
    wire.opened();
    if (!event.resumed) this.#place.skip(event.position);
  }

  /**
   * @param {ServerEvent} event
   * @param {(ending: Ending) => void} lost
   */
  #take(event, lost) {
    switch (event.type) {
      case "message":
        return this.#place.message(event);
      case "gap":
        return this.#place.skip(event.position);
      case "ping":
        return this.#send?.({ type: "pong" });
      case "goodbye":
        return lost(farewell(event));
      case "published":
        return this.#questions.answered(event);
      case "error":
        if (event.id === SUBSCRIBE) lost({ reason: event.message, retry: !event.code.startsWith("bad-") });
        else this.#questions.answered(event);
    }
  }

  /**
   * What a callback throws is the page's affair, and must not end the connection.
   * @template Value
   * @param {((value: Value) => void) | undefined} callback
   * @param {Value} value
   */
  #tell(callback, value) {
    if (this.#closed.signal.aborted) return;
    try {
      callback?.(value);
    } catch (error) {
      reportError(error);
    }
  }
}

/** @param {string | Transport} transport */
function transport(transport) {
  if (typeof transport !== "string") return transport;
  if (!Object.hasOwn(TRANSPORTS, transport)) {
    throw new TypeError(`transports: '${transport}' is none of ${Object.keys(TRANSPORTS).join(", ")}`);
  }
  return TRANSPORTS[transport];
}
