// SPDX-License-Identifier: Apache-2.0
/**
 * As text: 450 ms, 1.9 s, 25 s, 2 min, 1.5 h.
 * @param {number} milliseconds
 */
export function spoken(milliseconds) {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 120_000) return `${trimmed(milliseconds / 1_000, 10_000 > milliseconds ? 2 : 1)} s`;
  if (milliseconds < 7_200_000) return `${trimmed(milliseconds / 60_000, 1)} min`;
  return `${trimmed(milliseconds / 3_600_000, 1)} h`;
}

/**
 * @param {number} value
 * @param {number} digits after the point, at most
 */
function trimmed(value, digits) {
  return String(Number(value.toFixed(digits)));
}
