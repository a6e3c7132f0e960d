// SPDX-License-Identifier: Apache-2.0
import { differs } from "./difference.js";
import { roundTrip } from "./result.js";
import { NO_DIFFERENCE, slower, time } from "./words.js";
import { WAYS } from "./ways.js";

/** @typedef {import("./result.js").Comparison} Comparison */
/** @typedef {import("./result.js").Measured} Measured */
/** @typedef {import("../report/changes.js").Change} Change */

/**
 * What differs between two results, above all before and after a change of a proxy.
 * @param {Comparison} before
 * @param {Comparison} after
 * @returns {Change[]}
 */
export function changes(before, after) {
  const general = [
    plain("Intermediary", before.between ?? "sends no name", after.between ?? "sends no name"),
    plain("Bytes per message", String(before.size), String(after.size)),
  ];
  const ways = WAYS.flatMap(({ id, name }) => {
    const [old, now] = [before, after].map(({ measured }) => measured.find(({ way }) => way === id));
    if (!old && !now) return [];
    if (!old || !now) return [plain(name, old ? "measured" : "not measured", now ? "measured" : "not measured")];
    return [
      { name: `${name}: median`, ...medians(old, now) },
      { name: `${name}: bytes sent and received`, ...bytes(old, now) },
    ];
  });
  return [...general, ...ways];
}

/**
 * @param {string} name
 * @param {string} before
 * @param {string} after
 * @returns {Change}
 */
function plain(name, before, after) {
  return { name, before, after, change: before === after ? undefined : "changed" };
}

/** Two runs were not made in turn, so other load may differ. Medians with a smaller ratio count as equal. */
const OTHER_TIME = 1.25;

/**
 * @param {Measured} old
 * @param {Measured} now
 */
function medians(old, now) {
  const [before, after] = [roundTrip(old, 0.5), roundTrip(now, 0.5)];
  const factor = slower(old, now);
  const isEqual = factor === "" || Math.max(before, after) < OTHER_TIME * Math.min(before, after);
  const change = isEqual ? undefined : after > before ? `slower: ${factor} as long` : `faster: ${factor} as long before`;
  return { before: time(before), after: time(after), change, same: isEqual && differs(old, now) !== undefined ? NO_DIFFERENCE : undefined };
}

/** Compressed random messages have different sizes, relatively. */
const RANDOM = 0.03;

/**
 * @param {Measured} old
 * @param {Measured} now
 */
function bytes({ bytes: old }, { bytes: now }) {
  const [before, after] = [old, now].map((bytes) => (bytes ? `${bytes.in} and ${bytes.out}` : "not counted"));
  const isNear = (/** @type {number} */ one, /** @type {number} */ other) => Math.abs(one - other) <= RANDOM * Math.max(one, other);
  const isSame = before === after || (old && now && isNear(old.in, now.in) && isNear(old.out, now.out));
  return { before, after, change: isSame ? undefined : "changed" };
}
