// SPDX-License-Identifier: Apache-2.0
import { culprit } from "./attribution.js";
import { spoken } from "./durations.js";
import { roundest } from "./limits.js";
import { listed, rows } from "./rows.js";

/** @typedef {import("./rows.js").Row} Row */

/**
 * The result in one line, as “Silence limit 3 s · nginx/1.22.1 · heartbeat 1 s · same on all transports”.
 * @param {import("./result.js").Survival} survival
 */
export function headline(survival) {
  const all = rows(survival);
  const open = all.filter(({ refusal }) => !refusal);
  if (open.length === 0) return "Nothing measured · no connection could be opened";
  const ended = open.filter(({ limit }) => limit.died !== undefined);
  return [
    ...limits(open),
    ...new Set(ended.map(({ limit: { ending }, between }) => (ending ? whose(culprit(ending, between)) : "unknown"))),
    heartbeat(ended),
    ...(survival.transports.length > 1 ? [all.length > 1 ? "not the same on all transports" : "same on all transports"] : []),
  ].join(" · ");
}

/** @param {string} culprit */
function whose(culprit) {
  return culprit === "unknown" ? "what ended it is unknown" : culprit;
}

/** @param {Row[]} open */
function limits(open) {
  const texts = open.map(({ limit }) => {
    const round = roundest(limit);
    return round === undefined ? `no silence limit up to ${spoken(limit.lived)}` : `silence limit ${spoken(round)}`;
  });
  return new Set(texts).size > 1
    ? open.map(({ transports }, at) => `${listed(transports, "and")}: ${texts[at]}`)
    : [`${texts[0][0].toUpperCase()}${texts[0].slice(1)}`];
}

/** @param {Row[]} ended */
function heartbeat(ended) {
  if (ended.length === 0) return "no heartbeat needed for that";
  const shortest = spoken(Math.min(...ended.map(({ heartbeat = Infinity }) => heartbeat)));
  return ended.every(({ proof }) => proof?.outcome === "survived") ? `heartbeat ${shortest}` : `heartbeat ${shortest}, which did not help everywhere`;
}
