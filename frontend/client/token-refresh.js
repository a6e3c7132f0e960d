// SPDX-License-Identifier: Apache-2.0
import { Backoff } from "./backoff.js";
import { bearer } from "./bearer.js";
import { pause } from "./durations.js";

const TIMEOUT = 10_000;

/**
 * Gives an open connection another token before the present one expires. Until the connection ends, a failure is followed
 * by another attempt.
 * @param {import("./token-source.js").TokenSource} source
 * @param {(token: string) => Promise<"accepted" | "refused" | "failed">} authenticate `refused` is final
 * @param {AbortSignal} signal of the connection
 * @returns {Promise<void>}
 */
export async function refresh(source, authenticate, signal) {
  const backoff = new Backoff();
  while (source.canRenew && !signal.aborted) {
    try {
      const token = await source.next(signal);
      const outcome = token === undefined || token === source.current ? "failed" : await authenticate(token);
      if (outcome === "accepted") source.use(token);
      if (outcome !== "failed") return;
    } catch {
      // It may go better next time; at the token's end, the state tells about it.
    }
    await pause(backoff.next(), signal).catch(() => {});
  }
}

/**
 * Gives a token to a stream, which takes no commands.
 * @param {URL} server
 * @param {string} connection its id, from its welcome
 * @param {string} token
 * @param {AbortSignal} signal
 * @returns {Promise<"accepted" | "refused" | "failed">}
 */
export async function authenticateStream(server, connection, token, signal) {
  const response = await fetch(new URL(`connections/${encodeURIComponent(connection)}/authenticate`, server), {
    method: "POST",
    headers: bearer(token),
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  });
  if (response.ok) return "accepted";
  return response.status === 401 || response.status === 403 ? "refused" : "failed";
}
