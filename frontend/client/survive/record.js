// SPDX-License-Identifier: Apache-2.0
import { actuator } from "../actuator.js";
import { bearer } from "../bearer.js";

const MOST_ROWS = 1_000;

/**
 * @param {string} state `open` or `closed`
 * @param {string | undefined} token
 * @param {AbortSignal} signal
 * @returns {Promise<Map<string, string | undefined> | undefined>} close reasons by the labels of the service’s connections;
 *   undefined if not all are known
 */
export async function recorded(state, token, signal) {
  try {
    const response = await actuator(`/connections?state=${state}&sort=-id&size=${MOST_ROWS}`, {
      headers: { Accept: "application/json", ...bearer(token) },
      cache: "no-store",
      signal,
    });
    const { total, connections } = await response.json();
    return total <= MOST_ROWS
      ? new Map(connections.map((/** @type {{label?: string, reason?: string}} */ { label, reason }) => [label, reason]))
      : undefined;
  } catch {
    return undefined;
  }
}
