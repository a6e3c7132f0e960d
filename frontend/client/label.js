// SPDX-License-Identifier: Apache-2.0
/** A name for this page's connections, by which the server's list of all connections shows which are ours. */
export function randomLabel() {
  return `page-${randomHex(8)}`;
}

/**
 * crypto.randomUUID would need a secure context, which plain http to another host is not.
 * @param {number} size bytes
 */
export function randomHex(size) {
  const bytes = crypto.getRandomValues(new Uint8Array(size));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
