// SPDX-License-Identifier: Apache-2.0
import { CIRCUMSTANCES } from "../report/circumstances.js";
import { list, number, object, oneOf, optional, text } from "../report/shape.js";
import { LONGEST_NAME } from "../survive/result.js";
import { WAY_IDS } from "./ways.js";

const DAY = 86_400_000;
const LARGEST = 1e9;

export const SIZES = { least: 1, most: 100_000 };
export const COUNTS = { least: 10, most: 5_000 };

/** Each way is measured that often, in turn with the others, to see how much it varies. */
export const ROUNDS = 5;

/** Points of a series and of a curve: as many as a link can carry. */
export const POINTS = 100;

/** Shares of the round trips, for the curve; 0.5, 0.9, 0.99 and 1 are among them. */
export const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999, 1];

const milliseconds = number(0, DAY);
const bytes = object({ in: number(0, LARGEST), out: number(0, LARGEST) });

/**
 * @typedef {object} Measured what one way did, times in milliseconds
 * @property {string} way its id
 * @property {number} count of messages
 * @property {number} [open] to open a connection, median; none was opened if it is not there
 * @property {number} first from the start of dialling to the first byte of an answer, median
 * @property {number} rate messages a second, one at a time
 * @property {import("./wire.js").Bytes} [bytes] per message
 * @property {string} [uncounted] why there are no bytes
 * @property {number[]} series round trips in their order, the longest of each bucket
 * @property {number[]} curve round trips at the SHARES
 * @property {number[]} [rounds] the median round trip of each round
 */

/** @typedef {{way: string, why: string}} Missing a way that could not be measured */

/** @typedef {import("../report/circumstances.js").Circumstances & {size: number, count: number, measured: Measured[], missing: Missing[], between?: string}} Comparison `between`: the name of an intermediary, if one sends it */

/** @type {import("../report/shape.js").Shape<Comparison>} */
export const comparisonShape = object({
  ...CIRCUMSTANCES,
  size: number(SIZES.least, SIZES.most),
  count: number(COUNTS.least, COUNTS.most),
  measured: list(
    object({
      way: oneOf(WAY_IDS),
      count: number(1, COUNTS.most),
      open: optional(milliseconds),
      first: milliseconds,
      rate: number(0, LARGEST),
      bytes: optional(bytes),
      uncounted: optional(text(200)),
      series: list(milliseconds, POINTS),
      curve: list(milliseconds, SHARES.length),
      rounds: optional(list(milliseconds, ROUNDS)),
    }),
    WAY_IDS.length,
  ),
  missing: list(object({ way: oneOf(WAY_IDS), why: text(200) }), WAY_IDS.length),
  between: optional(text(LONGEST_NAME)),
});

/**
 * @param {Measured} measured
 * @param {number} share one of the SHARES
 */
export function roundTrip({ curve }, share) {
  return curve[SHARES.indexOf(share)];
}
