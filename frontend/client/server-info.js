import { actuator } from "./actuator.js";
import { bearer } from "./bearer.js";

/**
 * What the server says about itself; every part may be missing.
 * @typedef {object} ServerInfo
 * @property {string} [version]
 * @property {string} [java]
 * @property {string} [transport] how it does TCP, e.g. io_uring
 * @property {string} [port] of the TCP echo
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
      port: word(info?.tcp?.listeners?.echo?.port ?? info?.tcp?.listeners?.echo),
    };
  } catch {
    return {};
  }
}

/** @param {unknown} value */
function word(value) {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
