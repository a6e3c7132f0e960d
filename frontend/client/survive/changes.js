// SPDX-License-Identifier: Apache-2.0
import { culprit } from "./attribution.js";
import { spoken } from "./durations.js";
import { isNear, isSame, listed, rowOf } from "./rows.js";

/** @typedef {import("./result.js").Survival} Survival */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("../report/changes.js").Change} Change */

/** @typedef {{name: string, show: (row: Row) => string}} Feature of a row */

/** @type {readonly Feature[]} */
const FEATURES = [
  { name: "survives", show: ({ limit: { lived }, refusal }) => (refusal ? `cannot be used: ${refusal.how}` : spoken(lived)) },
  { name: "ended after", show: ({ limit: { died } }) => (died === undefined ? "not ended" : spoken(died)) },
  { name: "ended by", show: ({ limit: { ending }, between }) => (ending ? culprit(ending, between) : "nothing") },
  { name: "heartbeat to set", show: ({ heartbeat }) => (heartbeat === undefined ? "any" : spoken(heartbeat)) },
];

/**
 * What differs between two results, above all before and after a change of a proxy. What is the same for several transports
 * is one line.
 * @param {Survival} before
 * @param {Survival} after
 * @returns {Change[]}
 */
export function changes(before, after) {
  const transports = before.transports.filter((transport) => after.transports.includes(transport));
  const names = [before, after].map(({ between }) => between ?? "sends no name");
  return [
    { name: "Intermediary", before: names[0], after: names[1], change: names[0] === names[1] ? undefined : "changed" },
    ...FEATURES.flatMap((feature) => {
      const lines = transports.map((transport) => {
        const rows = [before, after].map((survival) => rowOf(survival, transport));
        return { transport, rows, ...compared(feature, rows[0], rows[1]) };
      });
      return grouped(lines).map((group) => ({
        ...group[0],
        name: `${listed(group.map(({ transport }) => transport), "and")}: ${feature.name}`,
      }));
    }),
  ];
}

/**
 * @template {Omit<Change, "name"> & {rows: Row[]}} Line
 * @param {readonly Line[]} lines
 * @returns {Line[][]} those together whose transports have the same result, before and after
 */
function grouped(lines) {
  /** @type {Line[][]} */
  const groups = [];
  for (const line of lines) {
    const group = groups.find(([{ rows, change }]) => change === line.change && rows.every((row, at) => isSame(row, line.rows[at])));
    if (group) group.push(line);
    else groups.push([line]);
  }
  return groups;
}

/**
 * @param {Feature} feature
 * @param {Row} one
 * @param {Row} other
 */
function compared({ name, show }, one, other) {
  const [before, after] = [show(one), show(other)];
  if (before === after) return { before, after, change: undefined };
  const isEnded = [one, other].map(({ limit }) => limit.died !== undefined);
  const isRefused = one.refusal !== undefined || other.refusal !== undefined;
  if (!isRefused && !isEnded.includes(true)) return { before, after, change: undefined, same: "same: none was ended. Other silences were tried" };
  if (!isRefused && isEnded.includes(false)) {
    const [ended, open] = isEnded[0] ? [one, other] : [other, one];
    if (open.limit.lived < (ended.limit.died ?? 0)) {
      return { before, after, change: undefined, same: `unknown: one of them tried silences up to ${spoken(open.limit.lived)} only` };
    }
  }
  const isMeasured = name !== "ended by" && !isRefused;
  return { before, after, change: isMeasured && isNear(one.limit.died, other.limit.died) ? undefined : "changed" };
}
