import { Backoff } from "./backoff.js";
import { pause } from "./durations.js";
import { broken, refused } from "./endings.js";

/**
 * @typedef {object} Draft
 * @property {string} channel
 * @property {unknown} data
 * @property {string} [event]
 * @property {string} key
 * @property {AbortSignal} [signal]
 */

/**
 * @typedef {object} Published
 * @property {string} channel
 * @property {string} position
 * @property {string} over the transport by which it went
 */

const ATTEMPTS = 4;
const TIMEOUT = 10_000;

/** Why something was not published. */
export class Refusal extends Error {
  name = "Refusal";
}

/**
 * @param {URL} server
 * @param {Draft} draft
 * @returns {Promise<Published>}
 */
export async function post(server, { channel, data, event, key, signal }) {
  const body = JSON.stringify(data);
  if (body === undefined) throw new TypeError("data: JSON can't say that");
  const url = new URL(`channels/${channel}`, server);
  if (event !== undefined) url.searchParams.set("event", event);
  const backoff = new Backoff();
  for (let attempt = 1; ; attempt++) {
    const outcome = await send(url, { body, key, signal });
    if ("position" in outcome) return { channel, position: outcome.position, over: "http" };
    if (!outcome.retry || attempt === ATTEMPTS) throw new Refusal(outcome.reason);
    await pause((outcome.after ?? 0) + backoff.next(), signal);
  }
}

/**
 * @param {URL} url
 * @param {{body: string, key: string, signal?: AbortSignal}} request
 * @returns {Promise<{position: string} | import("./reconnecting.js").Ending>}
 */
async function send(url, { body, key, signal }) {
  const timeout = AbortSignal.timeout(TIMEOUT);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return response.ok ? await response.json() : await refused(response);
  } catch {
    signal?.throwIfAborted();
    return broken(false, "Unreachable");
  }
}
