// SPDX-License-Identifier: Apache-2.0
/**
 * A plain text table. The first row is its head. A column, except the first, is aligned to the right if it has only numbers.
 * @param {readonly (readonly string[])[]} rows all of one length
 * @returns {string} lines without trailing spaces, each ended by a line feed
 */
export function textTable(rows) {
  const [head, ...body] = rows;
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const right = head.map((_, at) => at > 0 && body.every((row) => /^[≈<]?\s?[\d–]/.test(row[at])));
  const line = (/** @type {readonly string[]} */ row) =>
    row.map((cell, at) => (right[at] ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join("  ").trimEnd();
  const rule = widths.map((width) => "-".repeat(width));
  return [head, rule, ...body].map((row) => `${line(row)}\n`).join("");
}
