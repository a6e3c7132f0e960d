// SPDX-License-Identifier: Apache-2.0
import { Backoff } from "./backoff.js";
import { bearer } from "./bearer.js";
import { pause } from "./durations.js";
import { broken, refused } from "./endings.js";

/**
 * @typedef {object} Draft
 * @property {string} channel
 * @property {unknown} data
 * @property {string} [event]
 * @property {string} key
 * @property {string} [traceparent]
 * @property {string} [tracestate]
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
 * @param {import("./token-source.js").TokenSource} source
 * @returns {Promise<Published>}
 */
export async function post(server, { channel, data, event, key, traceparent, tracestate, signal }, source) {
  const body = JSON.stringify(data);
  if (body === undefined) throw new TypeError("data: JSON can't say that");
  const url = new URL(`channels/${channel}`, server);
  if (event !== undefined) url.searchParams.set("event", event);
  const backoff = new Backoff();
  for (let attempt = 1; ; attempt++) {
    const outcome = await authorized(source, signal, (token) => send(url, { body, key, token, traceparent, tracestate, signal }));
    if ("position" in outcome) return { channel, position: outcome.position, over: "http" };
    if (!outcome.retry || attempt === ATTEMPTS) throw new Refusal(outcome.reason);
    await pause((outcome.after ?? 0) + backoff.next(), signal);
  }
}

/** @typedef {{position: string} | import("./reconnecting.js").Ending} Outcome */

/**
 * Makes a request with the token in use; if it is refused, once more with another one.
 * @param {import("./token-source.js").TokenSource} source
 * @param {AbortSignal | undefined} signal
 * @param {(token: string | undefined) => Promise<Outcome>} request
 * @returns {Promise<Outcome>}
 */
async function authorized(source, signal, request) {
  const known = source.current;
  try {
    const token = known ?? (await source.next(signal));
    const outcome = await request(token);
    if (known === undefined || "position" in outcome || outcome.state !== "denied") return outcome;
    const other = await source.next(signal);
    return other === known ? outcome : await request(other);
  } catch (failure) {
    signal?.throwIfAborted();
    return source.ending(failure);
  }
}

/**
 * @param {URL} url
 * @param {{body: string, key: string, token?: string, traceparent?: string, tracestate?: string, signal?: AbortSignal}} request
 * @returns {Promise<Outcome>}
 */
async function send(url, { body, key, token, traceparent, tracestate, signal }) {
  const timeout = AbortSignal.timeout(TIMEOUT);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        ...(traceparent && { traceparent }),
        ...(tracestate && { tracestate }),
        ...bearer(token),
      },
      body,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return response.ok ? await response.json() : await refused(response);
  } catch {
    signal?.throwIfAborted();
    return broken(false, "Unreachable");
  }
}
