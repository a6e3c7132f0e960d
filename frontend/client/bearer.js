// SPDX-License-Identifier: Apache-2.0
import { problem } from "./endings.js";

/** Characters of a subprotocol's name (RFC 9110, section 5.6.2). */
const PROTOCOL = /^[\w!#$%&'*+.^`|~-]+$/;

const TIMEOUT = 10_000;

/**
 * The header that carries a token.
 * @param {string | undefined} token undefined for none
 * @returns {Record<string, string>}
 */
export function bearer(token) {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/**
 * What a WebSocket offers: the only part of its handshake that a page can choose, and that is not in the address.
 * @param {string} protocol that the service selects
 * @param {string | undefined} token
 */
export function protocols(protocol, token) {
  return token !== undefined && PROTOCOL.test(token) ? [protocol, `bearer.${token}`] : [protocol];
}

/**
 * Whether a token has to be sent by a command, as it cannot be offered as a protocol.
 * @param {string | undefined} token
 * @returns {token is string}
 */
export function needsCommand(token) {
  return token !== undefined && !PROTOCOL.test(token);
}

/**
 * Browsers hide why a WebSocket was refused. This asks whether it was the token.
 * @param {URL} server
 * @param {string} token
 * @param {AbortSignal} signal
 * @returns {Promise<import("./reconnecting.js").Ending | undefined>} undefined if the token is accepted, or nothing is known
 */
export async function refusedToken(server, token, signal) {
  try {
    const response = await fetch(new URL("whoami", server), {
      headers: { Accept: "application/json", ...bearer(token) },
      cache: "no-store",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    if (response.status !== 401) return undefined;
    return { reason: `401 ${await problem(response)}`, retry: false, state: "denied" };
  } catch {
    return undefined;
  }
}
