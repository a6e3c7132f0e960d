// SPDX-License-Identifier: Apache-2.0
const LEAST = 0.5;
const MOST = 3_600;
const MOST_SILENCES = 16;

/**
 * @param {string} text seconds, with commas or spaces between them
 * @returns {number[] | null} milliseconds, ascending, without duplicates; null if the text is invalid
 */
export function silences(text) {
  const given = text.split(/[\s,;]+/).filter((part) => part !== "").map(milliseconds);
  const all = given.flatMap((one) => one ?? []);
  if (all.length === 0 || all.length < given.length || all.length > MOST_SILENCES) return null;
  return [...new Set(all)].sort((a, b) => a - b);
}

/**
 * @param {string} text seconds
 * @returns {number | undefined | null} milliseconds; undefined for none; null if the text is invalid
 */
export function heartbeat(text) {
  return text.trim() === "" ? undefined : milliseconds(text);
}

/** @param {string} text */
function milliseconds(text) {
  const seconds = Number(text);
  return seconds >= LEAST && seconds <= MOST ? Math.round(seconds * 1000) : null;
}
