// SPDX-License-Identifier: Apache-2.0
import { actuator } from "./actuator.js";
import { bearer } from "./bearer.js";

/**
 * What the server says about itself; every part may be missing.
 * @typedef {object} ServerInfo
 * @property {string} [version]
 * @property {string} [java]
 * @property {string} [transport] how it does TCP, e.g. io_uring
 * @property {Listener} [echo] of TCP
 * @property {Listener} [lines]
 */

/**
 * @typedef {object} Listener
 * @property {string} port
 * @property {boolean} tls
 */

/**
 * @param {string | undefined} token
 * @param {AbortSignal} signal
 * @returns {Promise<ServerInfo>}
 */
export async function serverInfo(token, signal) {
  try {
    const response = await actuator("/info", { headers: { Accept: "application/json", ...bearer(token) }, signal });
    const info = response.ok ? await response.json() : {};
    return {
      version: word(info?.holdfast?.version ?? info?.build?.version),
      java: word(info?.java?.version),
      transport: word(info?.tcp?.transport),
      echo: listener(info?.tcp, "echo"),
      lines: listener(info?.tcp, "lines"),
    };
  } catch {
    return {};
  }
}

/**
 * @param {{listeners?: Record<string, unknown>, tls?: Record<string, unknown>} | undefined} tcp
 * @param {string} name
 * @returns {Listener | undefined} undefined if it is not known
 */
function listener(tcp, name) {
  const port = word(tcp?.listeners?.[name]);
  return port === undefined ? undefined : { port, tls: tcp?.tls?.[name] !== undefined };
}

/** @param {unknown} value */
function word(value) {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
