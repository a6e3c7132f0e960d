// SPDX-License-Identifier: Apache-2.0
import { silenceOf } from "./trial.js";

/** @typedef {import("./trial.js").Finding} Finding */

/**
 * The two silences that the limit lies between, in milliseconds.
 * @typedef {object} Limit
 * @property {number} lived the longest silence that was survived; 0 if none was
 * @property {number} [died] the shortest silence that was not; undefined if all were
 * @property {Finding} [ending] the finding of that one
 * @property {boolean} steady false if a longer silence was survived
 */

/** Silences with a smaller ratio count as equal. */
export const CLOSE_ENOUGH = 1.1;

/** The ratio of neighbouring silences in a round; below `CLOSE_ENOUGH`. */
const STEP = 1.09;

/** Factors for silences just below and just above a limit; their ratio is below `CLOSE_ENOUGH`. */
const JUST_BEFORE = 0.95;
const JUST_AFTER = 1.04;

const MOST_STEPS = 8;

/** How far below a silence to start if no shorter one was survived. */
const FAR_BELOW = 10;
const SHORTEST = 200;

/**
 * The measured time of an end is a little too short, since the page learns late that a silence has begun. So if a survived
 * silence and an end are close, the survived silence counts.
 * @param {readonly Finding[]} findings of one transport
 * @returns {Limit}
 */
export function limitOf(findings) {
  const silent = findings.filter(({ heartbeat, by, outcome }) => heartbeat === undefined && (outcome === "survived" || by !== undefined));
  const endings = silent.filter(({ outcome }) => outcome !== "survived").sort((a, b) => silenceOf(a) - silenceOf(b));
  const survived = silent.filter(({ outcome }) => outcome === "survived").map(silenceOf);
  const first = endings.length > 0 ? silenceOf(endings[0]) : Infinity;
  const lived = Math.max(0, ...survived.filter((silence) => silence < first * CLOSE_ENOUGH));
  const ending = endings.find((finding) => silenceOf(finding) > lived) ?? endings.at(-1);
  return {
    lived,
    died: ending && Math.max(lived, silenceOf(ending)),
    ending,
    steady: survived.every((silence) => silence < first * CLOSE_ENOUGH),
  };
}

/**
 * @param {Limit} limit
 * @returns {number[]} silences to try next, in milliseconds; empty if the limit is known precisely enough
 */
export function narrowing({ lived, died, ending, steady }) {
  if (died === undefined || !ending || !steady || died <= SHORTEST || died <= lived * CLOSE_ENOUGH) return [];
  if (ending.outcome === "cut") return [Math.round(died * JUST_BEFORE), Math.round(died * JUST_AFTER)];
  const from = Math.max(lived, died / FAR_BELOW, SHORTEST);
  const steps = Math.min(MOST_STEPS, Math.ceil(Math.log(died / from) / Math.log(STEP)));
  const between = Array.from({ length: steps }, (_, at) => Math.round(from * (died / from) ** (at / steps)));
  return between.filter((silence) => silence > lived);
}

/**
 * How far a round number may be above the measured range, relatively and in milliseconds: the page learns late that a silence has
 * begun, so the time until its end is measured too short.
 */
const ROUNDING = 0.03;
const LATE = 150;

/**
 * The roundest number within the range, which is what somebody may have set.
 * @param {Limit} limit
 * @returns {number | undefined} milliseconds; undefined if nothing ended a connection
 */
export function roundest({ lived, died }) {
  if (died === undefined) return undefined;
  const least = lived || died / CLOSE_ENOUGH;
  const middle = (least + died) / 2;
  const candidates = [1, 2, 3].map((digits) => Number(middle.toPrecision(digits)));
  return candidates.find((round) => round >= least && round <= died * (1 + ROUNDING) + LATE) ?? died;
}

/**
 * Half of the longest silence that is survived, so that one heartbeat may be late or lost: in whole seconds, or tenths if
 * it is less than one.
 * @param {Limit} limit
 * @returns {number | undefined} milliseconds; undefined if none is needed
 */
export function heartbeatFor({ lived, died }) {
  if (died === undefined) return undefined;
  const half = (lived || died) / 2;
  const step = half < 1_000 ? 100 : 1_000;
  return Math.max(step, Math.floor(half / step) * step);
}
