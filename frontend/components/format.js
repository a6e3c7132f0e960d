// SPDX-License-Identifier: Apache-2.0
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const UNITS = ["kB", "MB", "GB", "TB", "PB"];
const LARGEST_WHOLE = 1_000_000;

/** @param {number} number */
export function count(number) {
  return number < LARGEST_WHOLE ? whole.format(number) : `${(number / 1e6).toFixed(2)} M`;
}

/** @param {number} number */
export function bytes(number) {
  if (number < 10_000) return `${whole.format(number)} B`;
  const step = Math.min(UNITS.length, Math.floor(Math.log10(number) / 3));
  const value = number / 1000 ** step;
  return `${value.toFixed(value < 100 ? 1 : 0)} ${UNITS[step - 1]}`;
}

/** @param {number | undefined} number */
export function milliseconds(number) {
  return number === undefined ? "–" : `${number.toFixed(number < 100 ? 1 : 0)} ms`;
}

/**
 * Hours only where there are any: 0:07, 12:30, 1:02:03.
 * @param {number} number of milliseconds
 */
export function age(number) {
  const seconds = Math.floor(number / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const two = (/** @type {number} */ part) => String(part % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** @param {Date} time */
export function clock(time) {
  const part = (/** @type {number} */ number, length = 2) => String(number).padStart(length, "0");
  return `${part(time.getHours())}:${part(time.getMinutes())}:${part(time.getSeconds())}.${part(time.getMilliseconds(), 3)}`;
}

/** A line end and a tab come up often, and more fonts have these signs than have their pictures. */
const SIGNS = new Map([["\n", "\u21b5"], ["\t", "\u21e5"], ["\x7f", "\u2421"]]);

/**
 * Control characters as signs, most of them as their pictures (U+2400 and on), so that a line end or a zero byte can be
 * seen.
 * @param {string} text
 */
export function visible(text) {
  return text.replace(/[\0-\x1f\x7f]/g, (control) =>
    SIGNS.get(control) ?? String.fromCharCode(0x2400 + control.charCodeAt(0)),
  );
}
