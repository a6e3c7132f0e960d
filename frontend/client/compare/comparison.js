// SPDX-License-Identifier: Apache-2.0
import { randomHex } from "../label.js";
import { isMultiplexed } from "../next-hop.js";
import { here } from "../report/circumstances.js";
import { ascending, median, quantile } from "../statistics.js";
import { intermediary } from "../survive/intermediaries.js";
import { HttpLine, Requests } from "./http-line.js";
import { messages, Pace } from "./pace.js";
import { POINTS, ROUNDS, SHARES } from "./result.js";
import { LineFailure } from "./socket-line.js";
import { WAYS } from "./ways.js";
import { httpCost, NotCounted, webSocketCost } from "./wire.js";

/** @typedef {import("./ways.js").Way} Way */
/** @typedef {import("./result.js").Measured} Measured */
/** @typedef {import("./result.js").Comparison} Comparison */

/** Messages before the measured ones. */
const WARMING = 5;

/** A step of the browser's clock, in milliseconds. */
const SHORTEST = 0.1;

/**
 * @typedef {object} Progress of a run
 * @property {Way} way
 * @property {number} round from 1
 * @property {number} done messages, all ways together
 * @property {number} of
 * @property {number} left estimated time, in milliseconds
 */

/** @typedef {{opens: number[], firsts: number[], roundTrips: number[]}} Times */

/** Sends the same number of messages on each way, in rounds. Dispatches `progress`. */
export class ComparisonRun extends EventTarget {
  #size;
  #count;
  #label;
  #signal;
  /** @type {Progress} */
  #progress;
  #pace;
  /** The same for kept and new connections. @type {Map<import("./ways.js").Transport, Promise<import("./wire.js").Cost>>} */
  #costs = new Map();

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
    this.#pace = new Pace(count);
    this.#progress = { way: WAYS[0], round: 1, done: 0, of: sum(WAYS.map((way) => messages(way, count))), left: this.#pace.left };
  }

  get progress() {
    return this.#progress;
  }

  /** @returns {Promise<Comparison>} rejected with the signal's reason */
  async run() {
    /** @type {Comparison} */
    const result = { ...here(), size: this.#size, count: this.#count, measured: [], missing: [], between: await intermediary(this.#signal) };
    /** @type {Map<Way, Times[]>} */
    const rounds = new Map(WAYS.map((way) => [way, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [way, times] of rounds) {
        this.#progress = { ...this.#progress, way, round: round + 1 };
        await this.#unlessImpossible(way, result, async () => times.push(await this.#round(way, round)));
        if (result.missing.some(({ way: missing }) => missing === way.id)) rounds.delete(way);
      }
    }
    for (const [way, times] of rounds) {
      await this.#unlessImpossible(way, result, async () => result.measured.push(await this.#summed(way, times)));
    }
    return result;
  }

  /**
   * @param {Way} way
   * @param {Comparison} result
   * @param {() => Promise<unknown>} step
   */
  async #unlessImpossible(way, result, step) {
    try {
      await step();
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof LineFailure)) throw error;
      result.missing.push({ way: way.id, why: error.message });
      this.#pace.leaveOut(way);
    }
  }

  /**
   * @param {Way} way
   * @param {number} round
   * @returns {Promise<Times>}
   */
  async #round(way, round) {
    if (way.id === "http-short" && isMultiplexed()) {
      throw new LineFailure("Not possible over HTTP/2: all requests of a page share one connection, which no request ends");
    }
    await way.prepare(this.#label, this.#signal);
    if (round === 0) await this.#warm(way);
    const all = messages(way, this.#count);
    const share = Math.floor(((round + 1) * all) / ROUNDS) - Math.floor((round * all) / ROUNDS);
    const requests = new Requests(way.path);
    const times = way.short ? await this.#shortly(way, share) : await this.#keptOpen(way, share);
    return way.transport === "http" ? { ...times, opens: await opened(way, requests, share) } : times;
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
      await line.close();
    }
  }

  /**
   * @param {Way} way
   * @param {number} count
   */
  async #keptOpen(way, count) {
    const hello = this.#message();
    const dialed = performance.now();
    const line = await way.open(this.#label, this.#signal);
    try {
      const opens = [performance.now() - dialed];
      const firsts = [(await line.exchange(hello)).first - dialed];
      const roundTrips = [];
      for (let sent = 0; sent < count; sent++) {
        const message = this.#message();
        const left = performance.now();
        roundTrips.push((await line.exchange(message)).whole - left);
        this.#advance(way, left);
      }
      return { opens, firsts, roundTrips };
    } finally {
      await line.close();
    }
  }

  /**
   * @param {Way} way
   * @param {number} count
   */
  async #shortly(way, count) {
    const opens = [];
    const firsts = [];
    const roundTrips = [];
    for (let sent = 0; sent < count; sent++) {
      const message = this.#message();
      const dialed = performance.now();
      const line = await way.open(this.#label, this.#signal);
      try {
        opens.push(performance.now() - dialed);
        const { first, whole } = await line.exchange(message);
        firsts.push(first - dialed);
        roundTrips.push(whole - dialed);
      } finally {
        await line.close();
      }
      this.#advance(way, dialed);
    }
    return { opens, firsts, roundTrips };
  }

  /**
   * @param {Way} way
   * @param {Times[]} rounds
   * @returns {Promise<Measured>}
   */
  async #summed(way, rounds) {
    const roundTrips = rounds.flatMap((times) => times.roundTrips);
    const opens = rounds.flatMap((times) => times.opens);
    const sorted = ascending(roundTrips);
    const open = median(opens);
    return {
      way: way.id,
      count: roundTrips.length,
      open: open === undefined ? undefined : rounded(open),
      first: rounded(median(rounds.flatMap(({ firsts }) => firsts)) ?? 0),
      rate: rounded((1000 * roundTrips.length) / Math.max(SHORTEST, sum(roundTrips))),
      ...(await this.#cost(way)),
      series: buckets(roundTrips).map(rounded),
      curve: SHARES.map((share) => rounded(quantile(sorted, share))),
      rounds: rounds.map((times) => rounded(median(times.roundTrips) ?? 0)),
    };
  }

  /** @param {Way} way */
  async #cost(way) {
    if (way.transport === "tcp") return { bytes: { in: this.#size, out: this.#size } };
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
  async #counted({ transport, short, path }) {
    const message = () => this.#message();
    const cost = this.#costs.get(transport) ?? (transport === "http"
      ? httpCost(new HttpLine(path, this.#signal), message, this.#signal)
      : webSocketCost(message, this.#label, this.#signal));
    this.#costs.set(transport, cost);
    const { message: each, opening = { in: 0, out: 0 } } = await cost;
    const all = short ? { in: each.in + opening.in, out: each.out + opening.out } : each;
    return { in: Math.round(all.in), out: Math.round(all.out) };
  }

  /** A new one each time: a compressor would shrink a repeated message to almost nothing. */
  #message() {
    return randomHex(Math.ceil(this.#size / 2)).slice(0, this.#size);
  }

  /**
   * @param {Way} way
   * @param {number} since when the message began
   */
  #advance(way, since) {
    this.#pace.took(way, performance.now() - since);
    this.#progress = { ...this.#progress, done: this.#progress.done + 1, left: this.#pace.left };
    this.dispatchEvent(new Event("progress"));
  }
}

/**
 * How long those requests took that opened a connection. A page cannot make its browser open one. It can only see afterwards
 * whether it did.
 * @param {Way} way
 * @param {Requests} requests
 * @param {number} count
 */
async function opened({ short }, requests, count) {
  const openings = await requests.openings(short ? count : count + 1);
  const opened = openings.filter((took) => took > 0);
  // A clock with steps of 0.1 ms does not show all.
  if (short && opened.length < openings.length / 2) {
    throw new LineFailure("Not possible in this browser: it kept its connections open");
  }
  return short ? openings : opened;
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
