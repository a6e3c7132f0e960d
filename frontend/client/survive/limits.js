import { silenceOf } from "./trial.js";

/** @typedef {import("./trial.js").Finding} Finding */

/**
 * Between which silences the limit is, in milliseconds.
 * @typedef {object} Limit
 * @property {number} lived the longest that was survived; 0 if none was
 * @property {number} [died] the shortest that was not; not there if all were
 * @property {Finding} [ending] of that one
 * @property {boolean} steady false if a longer one was survived all the same
 */

/** Of two silences that are that close, one is the other. */
const CLOSE_ENOUGH = 1.1;

/** A step that leaves both sides within that. */
const STEP = 1.09;

/** Just before and just after a silence that ended a connection: within `CLOSE_ENOUGH` of each other. */
const JUST_BEFORE = 0.95;
const JUST_AFTER = 1.04;

const MOST_STEPS = 8;

/** Where to look below a silence if no shorter one was survived. */
const FAR_BELOW = 10;
const SHORTEST = 200;

/**
 * Times of ends are a little short, as a page hears late that a silence has begun. So what was survived decides, where
 * both are close.
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
 * @returns {number[]} silences to try next, in milliseconds; none if it is known well enough
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
 * Half of what is survived leaves room for a sign of life that is lost or late.
 * @param {Limit} limit
 * @returns {number | undefined} milliseconds; not needed if nothing died
 */
export function heartbeatFor({ lived, died }) {
  if (died === undefined) return undefined;
  const half = (lived || died) / 2;
  const step = half >= 10_000 ? 1_000 : half >= 1_000 ? 500 : 100;
  return Math.max(100, Math.floor(half / step) * step);
}
