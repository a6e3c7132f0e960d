import { SUBSCRIBE, TRANSPORTS } from "./channel-transports.js";
import { farewell } from "./endings.js";
import { randomHex } from "./label.js";
import { Ladder } from "./ladder.js";
import { distance } from "./positions.js";
import { post, Refusal } from "./publishing.js";
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

const BETTER_AFTER = 30_000;
const BETTER_AFTER_CAP = 600_000;

/** For the answer to a command, before it is repeated by other means. */
const ANSWER = 10_000;

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
  /** @type {string | undefined} */
  #from;
  /** @type {string | undefined} */
  #position;
  /** Position up to which messages are such that were missed. @type {string | undefined} */
  #missedTo;
  #blockedAfter;
  #betterAfter;
  /** @type {((command: object) => void) | void} */
  #send;
  /** Commands that wait for their answer, by id. @type {Map<string, (answer: ServerEvent) => void>} */
  #asked = new Map();
  #ids = 0;

  /**
   * @param {URL} server
   * @param {Omit<Options, "url">} options
   */
  constructor(server, options) {
    const { channel, from, mode = "all", label = "", transports = USUAL } = options;
    this.#options = options;
    this.#server = server;
    this.#channel = channel;
    this.#from = from;
    this.#position = from === "earliest" ? undefined : from;
    this.#mode = mode;
    this.#label = label;
    this.#blockedAfter = options.blockedAfter ?? BLOCKED_AFTER;
    this.#betterAfter = options.betterAfter ?? BETTER_AFTER;
    this.#ladder = new Ladder(transports.map(transport), worked.get(this.#server.href));
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
    return this.#position;
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
      this.#asked.forEach((answered) => answered({ type: "none" }));
    }, { once: true });
    const from = this.#position ?? this.#from;
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
          this.#climbLater(signal);
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
  #subscribed({ position, resumed }, from, wire) {
    this.#missedTo = from !== undefined && resumed ? position : undefined;
    if (from === undefined) this.#position = position;
    wire.opened();
    if (!resumed) this.#skip(position);
  }

  /**
   * @param {ServerEvent} event
   * @param {(ending: Ending) => void} lost
   */
  #take(event, lost) {
    switch (event.type) {
      case "message":
        return this.#message(event);
      case "gap":
        return this.#skip(event.position);
      case "ping":
        return this.#send?.({ type: "pong" });
      case "goodbye":
        return lost(farewell(event));
      case "published":
        return this.#asked.get(event.id)?.(event);
      case "error":
        if (event.id === SUBSCRIBE) lost({ reason: event.message, retry: !event.code.startsWith("bad-") });
        else this.#asked.get(event.id)?.(event);
    }
  }

  /** @param {ServerEvent} event */
  #message({ position, data, event, time }) {
    const step = distance(this.#position, position);
    // One that came on the connection before, too.
    if (step <= 0) return;
    if (this.#position !== undefined && this.#mode === "all" && step !== 1) this.#skip(position, step - 1);
    this.#position = position;
    const resumed = distance(position, this.#missedTo) >= 0;
    this.#tell(this.#options.onMessage, {
      channel: this.#channel,
      position,
      data,
      event,
      time: time === undefined ? undefined : new Date(time),
      resumed,
    });
  }

  /**
   * Goes on from `position`, without what is missing before it.
   * @param {string} position
   * @param {number} [missed]
   */
  #skip(position, missed = distance(this.#position, position)) {
    const after = this.#position;
    this.#position = position;
    this.#tell(this.#options.onGap, { after, position, missed: missed >= 0 ? missed : undefined });
  }

  /**
   * While this is on a lesser transport, tries the better ones beside it, and changes over to one that works.
   * @param {AbortSignal} signal ends it
   */
  #climbLater(signal) {
    const better = this.#ladder.better;
    if (better.length === 0) return;
    const timer = setTimeout(async () => {
      for (const rung of better) {
        if (await this.#works(rung, signal)) {
          this.#betterAfter = this.#options.betterAfter ?? BETTER_AFTER;
          this.#ladder.climb(rung);
          this.#connection.reopen();
          return;
        }
        if (signal.aborted) return;
      }
      this.#betterAfter = Math.min(BETTER_AFTER_CAP, this.#betterAfter * 2);
      this.#climbLater(signal);
    }, this.#betterAfter);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  /**
   * @param {Transport} transport
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} false, too, if it is aborted
   */
  #works({ dial }, signal) {
    const trial = new AbortController();
    return new Promise((resolve) => {
      const done = (/** @type {boolean} */ works) => {
        clearTimeout(timer);
        trial.abort();
        resolve(works && !signal.aborted);
      };
      const timer = setTimeout(() => done(false), this.#blockedAfter);
      signal.addEventListener("abort", () => done(false), { once: true, signal: trial.signal });
      this.#open(dial, {
        signal: trial.signal,
        heard: () => {},
        lost: () => done(false),
        take: ({ type }) => {
          if (type === "subscribed") done(true);
        },
      });
    });
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
