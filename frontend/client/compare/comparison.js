import { randomHex } from "../label.js";
import { isMultiplexed } from "../next-hop.js";
import { here } from "../report/circumstances.js";
import { ascending, median, quantile } from "../statistics.js";
import { Requests } from "./http-line.js";
import { POINTS, SHARES } from "./result.js";
import { LineFailure } from "./socket-line.js";
import { WAYS } from "./ways.js";
import { httpCost, NotCounted, webSocketCost } from "./wire.js";

/** @typedef {import("./ways.js").Way} Way */
/** @typedef {import("./result.js").Measured} Measured */
/** @typedef {import("./result.js").Comparison} Comparison */

/** Each closed connection blocks a port of the machine for about a minute. */
export const MOST_SHORT = 200;

/** Messages before the measured ones. */
const WARMING = 5;

/** A step of the browser's clock, in milliseconds. */
const SHORTEST = 0.1;

/** The progress of a run: `done` of `of` messages, all ways together. @typedef {{way: Way, done: number, of: number}} Progress */

/** Sends the same number of messages on one way after the other. Dispatches `progress`. */
export class ComparisonRun extends EventTarget {
  #size;
  #count;
  #label;
  #signal;
  /** @type {Progress} */
  #progress;
  /** The same for kept and new connections. @type {Promise<import("./wire.js").Cost> | undefined} */
  #socketCost;

  /**
   * @param {{size: number, count: number}} plan size in bytes
   * @param {string} label name of the connections in the server’s list
   * @param {AbortSignal} signal ends it
   */
  constructor({ size, count }, label, signal) {
    super();
    this.#size = size;
    this.#count = count;
    this.#label = label;
    this.#signal = signal;
    this.#progress = { way: WAYS[0], done: 0, of: sum(WAYS.map((way) => this.#countOf(way))) };
  }

  get progress() {
    return this.#progress;
  }

  /** @returns {Promise<Comparison>} rejected with the signal's reason */
  async run() {
    /** @type {Comparison} */
    const result = { ...here(), size: this.#size, count: this.#count, measured: [], missing: [] };
    for (const way of WAYS) {
      this.#progress = { ...this.#progress, way };
      try {
        result.measured.push(await this.#measure(way));
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!(error instanceof LineFailure)) throw error;
        result.missing.push({ way: way.id, why: error.message });
      }
    }
    return result;
  }

  /** @param {Way} way */
  #countOf({ short }) {
    return short ? Math.min(this.#count, MOST_SHORT) : this.#count;
  }

  /** @param {Way} way */
  async #measure(way) {
    // The service ends the connection of a request by `Connection: close`, which HTTP/2 does not have (RFC 9113, section 8.2.2).
    if (way.id === "http-short" && isMultiplexed()) {
      throw new LineFailure("Not possible over HTTP/2: all requests of a page share one connection, which no request ends");
    }
    await this.#warm(way);
    const requests = new Requests(way.path);
    const times = way.short ? await this.#shortly(way) : await this.#keptOpen(way);
    const { roundTrips, firsts } = times;
    const open = way.transport === "http" ? await this.#requestOpening(way, requests, roundTrips.length) : median(times.opens);
    const sorted = ascending(roundTrips);
    const cost = await this.#cost(way);
    return {
      way: way.id,
      count: roundTrips.length,
      open: open === undefined ? undefined : rounded(open),
      first: rounded(median(firsts) ?? 0),
      rate: rounded((1000 * roundTrips.length) / Math.max(SHORTEST, sum(roundTrips))),
      ...cost,
      series: buckets(roundTrips).map(rounded),
      curve: SHARES.map((share) => rounded(quantile(sorted, share))),
    };
  }

  /**
   * The first connection makes the service load classes and the browser resolve names, so it is not measured.
   * @param {Way} way
   */
  async #warm(way) {
    const line = await way.open(this.#label, this.#signal);
    try {
      for (let sent = 0; sent < WARMING; sent++) await line.exchange(this.#message());
    } finally {
      line.close();
    }
  }

  /** @param {Way} way */
  async #keptOpen(way) {
    const hello = this.#message();
    const dialed = performance.now();
    const line = await way.open(this.#label, this.#signal);
    try {
      const opens = [performance.now() - dialed];
      const firsts = [(await line.exchange(hello)).first - dialed];
      const roundTrips = [];
      for (let sent = 0; sent < this.#countOf(way); sent++) {
        const message = this.#message();
        const left = performance.now();
        roundTrips.push((await line.exchange(message)).whole - left);
        this.#advance();
      }
      return { opens, firsts, roundTrips };
    } finally {
      line.close();
    }
  }

  /** @param {Way} way */
  async #shortly(way) {
    const opens = [];
    const firsts = [];
    const roundTrips = [];
    for (let sent = 0; sent < this.#countOf(way); sent++) {
      const message = this.#message();
      const dialed = performance.now();
      const line = await way.open(this.#label, this.#signal);
      try {
        opens.push(performance.now() - dialed);
        const { first, whole } = await line.exchange(message);
        firsts.push(first - dialed);
        roundTrips.push(whole - dialed);
      } finally {
        line.close();
      }
      this.#advance();
    }
    return { opens, firsts, roundTrips };
  }

  /**
   * A page cannot make its browser open a connection. It can only see afterwards whether it did.
   * @param {Way} way
   * @param {Requests} requests
   * @param {number} count
   */
  async #requestOpening({ short }, requests, count) {
    const openings = await requests.openings(short ? count : count + 1);
    const opened = openings.filter((took) => took > 0);
    // A clock with steps of 0.1 ms does not show all.
    if (short && opened.length < openings.length / 2) {
      throw new LineFailure("Not possible in this browser: it kept its connections open");
    }
    return short ? median(openings) : median(opened);
  }

  /** @param {Way} way */
  async #cost(way) {
    if (way.transport === "tcp") return { bytes: { in: this.#size, out: this.#size } };
    if (way.id === "http-short") return { uncounted: "The connection is closed before its bytes can be read" };
    try {
      return { bytes: await this.#counted(way) };
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error instanceof NotCounted) return { uncounted: error.message };
      if (error instanceof LineFailure) return { uncounted: `/inspect: ${error.message}` };
      throw error;
    }
  }

  /** @param {Way} way */
  async #counted({ transport, short, open }) {
    const message = () => this.#message();
    const { message: each, opening = { in: 0, out: 0 } } = transport === "http"
      ? await httpCost(await open(this.#label, this.#signal), message, this.#signal)
      : await (this.#socketCost ??= webSocketCost(message, this.#label, this.#signal));
    const all = short ? { in: each.in + opening.in, out: each.out + opening.out } : each;
    return { in: Math.round(all.in), out: Math.round(all.out) };
  }

  /** A new one each time: a compressor would shrink a repeated message to almost nothing. */
  #message() {
    return randomHex(Math.ceil(this.#size / 2)).slice(0, this.#size);
  }

  #advance() {
    this.#progress = { ...this.#progress, done: this.#progress.done + 1 };
    this.dispatchEvent(new Event("progress"));
  }
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((all, number) => all + number, 0);
}

/** @param {number} value rounded to three digits, as in a link */
function rounded(value) {
  return Number(value.toPrecision(3));
}

/**
 * As many as a chart and a link can hold; each is the longest of its part, so that peaks are kept.
 * @param {number[]} roundTrips
 */
function buckets(roundTrips) {
  const width = Math.max(1, Math.ceil(roundTrips.length / POINTS));
  return Array.from({ length: Math.ceil(roundTrips.length / width) }, (_, at) =>
    Math.max(...roundTrips.slice(at * width, (at + 1) * width)));
}
