// SPDX-License-Identifier: Apache-2.0
/**
 * One line of a comparison of two results.
 * @typedef {object} Change
 * @property {string} name of what is compared
 * @property {string} before
 * @property {string} after
 * @property {string | undefined} change in words; undefined if it is the same as far as it can be measured
 * @property {string} [same] why it counts as the same, if the figures differ
 */

/**
 * @param {Change} change
 * @returns {string} never empty, so that nobody has to look at colours
 */
export function inWords({ change, same, before, after }) {
  return change ?? same ?? (before === after ? "same" : "same, within the accuracy");
}
