// SPDX-License-Identifier: Apache-2.0
import { pause } from "../durations.js";
import { here } from "../report/circumstances.js";
import { attribute } from "./attribution.js";
import { arrivals } from "./buffering.js";
import { intermediary } from "./intermediaries.js";
import { estimate, inLanes } from "./lanes.js";
import { heartbeatFor, limitOf, narrowing } from "./limits.js";
import { recorded } from "./record.js";
import { socketTrial } from "./socket-trial.js";
import { eventSourceTrial, fetchTrial } from "./stream-trials.js";
import { Trial } from "./trial.js";

/** @typedef {import("./trial.js").Plan} Plan */
/** @typedef {import("./trial.js").Transport} Transport */
/** @typedef {import("./result.js").Survival} Survival */

/**
 * @typedef {object} Options times in milliseconds
 * @property {Transport[]} transports
 * @property {number[]} silences
 * @property {number} [heartbeat] one to try, too
 */

/** @type {Readonly<Record<Transport, (trial: Trial, signal: AbortSignal) => Promise<void>>>} */
const TRIALS = { http: fetchTrial, sse: eventSourceTrial, websocket: socketTrial };

/** Rounds that narrow the limit down. Each leaves a tenth of the range, or less. */
const MOST_ROUNDS = 3;

/** A heartbeat is proven if a connection survives this many times the limit. */
const PROOF = 2.5;

/** What a service may take to see the end of a connection that its proxy has closed. */
const NOTICING = 500;

/** Duration of the streams that test for buffering. */
const BUFFERING = 2_500;

/**
 * The first round of trials.
 * @param {Options} options
 * @returns {Plan[]}
 */
export function firstRound({ transports, silences, heartbeat }) {
  const longest = Math.max(...silences);
  return transports.flatMap((transport) => [
    ...silences.map((silence) => ({ transport, silence })),
    ...(heartbeat === undefined || heartbeat >= longest ? [] : [{ transport, silence: longest, heartbeat }]),
  ]);
}

/**
 * @param {Options} options
 * @returns {number} milliseconds that the measurement takes if nothing ends a connection
 */
export function duration(options) {
  return estimate(firstRound(options)) + (options.transports.some((transport) => transport !== "websocket") ? BUFFERING : 0);
}

/**
 * Finds the longest silence that connections to the page's own server survive. Dispatches `change` when a trial begins
 * or ends.
 */
export class Survey extends EventTarget {
  #options;
  #label;
  #token;
  #signal;
  #start = performance.now();
  /** @type {Trial[]} */
  #trials = [];
  #phase = "";
  /** @type {string | undefined} */
  #between;

  /**
   * @param {Options} options
   * @param {string} label prefix of the connections’ names in the server’s list
   * @param {() => string | undefined} token gives the one for the list of connections
   * @param {AbortSignal} signal ends it
   */
  constructor(options, label, token, signal) {
    super();
    this.#token = token;
    this.#options = options;
    this.#label = label;
    this.#signal = signal;
  }

  /** @returns {readonly Trial[]} all so far: done, running or waiting */
  get trials() {
    return this.#trials;
  }

  /** @returns {string} the current phase */
  get phase() {
    return this.#phase;
  }

  /** @returns {number} milliseconds since it began */
  get now() {
    return performance.now() - this.#start;
  }

  /** @returns {Promise<Survival>} rejected with the signal's reason */
  async run() {
    const { transports } = this.#options;
    /** @type {Survival} */
    const result = { ...here(), transports, buffering: [], findings: [], between: await intermediary(this.#signal) };
    this.#between = result.between;
    this.#enter("Testing whether events arrive one by one");
    const streamed = transports.filter((transport) => transport !== "websocket");
    result.buffering = await Promise.all(streamed.map((transport) => arrivals(transport, this.#label, this.#signal)));
    await this.#round("Trying all silences", firstRound(this.#options));
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const plans = transports.flatMap((transport) =>
        narrowing(this.#limit(transport)).map((silence) => ({ transport, silence })));
      if (plans.length === 0) break;
      await this.#round("Narrowing the limit down", plans);
    }
    await this.#round("Trying the recommended heartbeat", transports.flatMap((transport) => this.#proof(transport)));
    result.findings = this.#findings;
    return result;
  }

  get #findings() {
    return this.#trials.flatMap(({ finding }) => finding ?? []);
  }

  /** @param {Transport} transport */
  #limit(transport) {
    return limitOf(this.#findings.filter((finding) => finding.transport === transport));
  }

  /**
   * @param {Transport} transport
   * @returns {Plan[]}
   */
  #proof(transport) {
    const limit = this.#limit(transport);
    const heartbeat = heartbeatFor(limit);
    return heartbeat === undefined || limit.died === undefined
      ? []
      : [{ transport, silence: Math.round(PROOF * limit.died), heartbeat }];
  }

  /**
   * @param {string} phase
   * @param {Plan[]} plans
   */
  async #round(phase, plans) {
    if (plans.length === 0) return;
    this.#enter(phase);
    const trials = plans.map((plan, at) => new Trial(plan, this.#start, `${this.#label}.${this.#trials.length + at + 1}`));
    this.#trials.push(...trials);
    await inLanes(trials, async (trial) => {
      this.#signal.throwIfAborted();
      const over = TRIALS[trial.plan.transport](trial, this.#signal);
      this.#changed();
      await over;
      this.#signal.throwIfAborted();
      this.#changed();
    });
    await this.#askTheService(trials);
  }

  /** @param {Trial[]} trials */
  async #askTheService(trials) {
    const ended = trials.flatMap(({ finding, label }) => (finding?.by ? [{ finding, label }] : []));
    if (ended.length === 0) return;
    await pause(NOTICING, this.#signal);
    const [open, closed] = await Promise.all(["open", "closed"].map((state) => recorded(state, this.#token(), this.#signal)));
    this.#signal.throwIfAborted();
    for (const { finding, label } of ended) {
      attribute(finding, { isOpen: open?.has(label), reason: closed?.get(label) }, this.#between);
    }
  }

  /** @param {string} phase */
  #enter(phase) {
    this.#phase = phase;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
