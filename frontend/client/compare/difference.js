// SPDX-License-Identifier: Apache-2.0
import { ROUNDS } from "./result.js";

/** @typedef {import("./result.js").Measured} Measured */

/**
 * Whether two ways differ in more than the spread of their rounds: each round of one took longer than each of the other. If
 * both were equal, this would happen by chance in less than one of a hundred cases.
 * @param {Measured} one
 * @param {Measured} other
 * @returns {boolean | undefined} undefined if that was not measured
 */
export function differs({ rounds: one }, { rounds: other }) {
  if (one?.length !== ROUNDS || other?.length !== ROUNDS) return undefined;
  return Math.max(...one) < Math.min(...other) || Math.max(...other) < Math.min(...one);
}
