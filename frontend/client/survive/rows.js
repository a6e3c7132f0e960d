// SPDX-License-Identifier: Apache-2.0
import { CLOSE_ENOUGH, heartbeatFor, limitOf } from "./limits.js";
import { NAMES } from "./trial.js";

/** @typedef {import("./result.js").Survival} Survival */
/** @typedef {import("./trial.js").Finding} Finding */
/** @typedef {import("./trial.js").Transport} Transport */

/**
 * @typedef {object} Row the result of the transports that have the same one
 * @property {Transport[]} transports
 * @property {import("./limits.js").Limit} limit
 * @property {string[]} hows how their connections ended, each once
 * @property {string | undefined} between name of an intermediary, if one sends it
 * @property {number} [heartbeat] the recommended one; undefined if none is needed
 * @property {Finding} [proof] the trial of that heartbeat
 * @property {Finding} [refusal] why nothing could be tried
 */

/**
 * @param {Survival} survival
 * @returns {Row[]}
 */
export function rows(survival) {
  /** @type {Row[]} */
  const merged = [];
  for (const row of survival.transports.map((transport) => rowOf(survival, transport))) {
    const at = merged.findIndex((other) => isSame(other, row));
    if (at < 0) merged.push(row);
    else merged[at] = merge(merged[at], row);
  }
  return merged;
}

/**
 * @param {Survival} survival
 * @param {Transport} transport
 * @returns {Row}
 */
export function rowOf({ findings, between }, transport) {
  const own = findings.filter((finding) => finding.transport === transport);
  const limit = limitOf(own);
  const heartbeat = heartbeatFor(limit);
  return {
    transports: [transport],
    limit,
    hows: limit.ending ? [limit.ending.how] : [],
    between,
    heartbeat,
    proof: own.findLast((finding) => finding.heartbeat !== undefined && finding.heartbeat === heartbeat),
    refusal: limit.lived === 0 && limit.died === undefined ? own.find(({ outcome }) => outcome === "refused") : undefined,
  };
}

/**
 * How the ends looked may differ, since each transport shows them in its own way.
 * @param {Row} one
 * @param {Row} other
 */
export function isSame({ limit, proof, refusal }, { limit: limit2, proof: proof2, refusal: refusal2 }) {
  const facts = (/** @type {Finding | undefined} */ ending) =>
    ending && [ending.outcome === "dropped", ending.by, ending.certain ?? false].join();
  return refusal?.how === refusal2?.how
    && isNear(limit.lived, limit2.lived)
    && isNear(limit.died, limit2.died)
    && limit.steady === limit2.steady
    && facts(limit.ending) === facts(limit2.ending)
    && proof?.outcome === proof2?.outcome;
}

/**
 * @param {number | undefined} one
 * @param {number | undefined} other
 */
export function isNear(one, other) {
  if (one === undefined || other === undefined) return one === other;
  return Math.max(one, other) <= CLOSE_ENOUGH * Math.min(one, other);
}

/**
 * What holds for both.
 * @param {Row} one
 * @param {Row} other
 * @returns {Row}
 */
function merge(one, other) {
  const [shorter] = [one, other].sort((a, b) => a.limit.lived - b.limit.lived);
  const { ending } = shorter.limit;
  const isAlike = one.limit.ending?.noticed === other.limit.ending?.noticed;
  const [proof] = [one.proof, other.proof].flatMap((finding) => finding ?? []).sort((a, b) => a.silence - b.silence);
  return {
    ...shorter,
    limit: { ...shorter.limit, ending: ending && { ...ending, noticed: isAlike ? ending.noticed : undefined } },
    transports: [...one.transports, ...other.transports],
    hows: [...new Set([...one.hows, ...other.hows])],
    proof,
  };
}

/**
 * @param {readonly Transport[]} transports
 * @param {"and" | "or"} conjunction
 */
export function listed(transports, conjunction) {
  const names = transports.map((transport) => NAMES[transport]);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${conjunction} ${names.at(-1)}`;
}
