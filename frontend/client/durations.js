// SPDX-License-Identifier: Apache-2.0
/**
 * A time as the server writes it, such as `3.2s` or `250ms`.
 * @param {string} text
 * @returns {number | undefined} milliseconds; undefined for none
 */
export function duration(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (unit === "s" ? 1000 : 1);
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal] ends the wait with its reason
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}
