// SPDX-License-Identifier: Apache-2.0
import { bearer } from "./bearer.js";
import { problem } from "./endings.js";

/** @typedef {"subscribe" | "publish" | "role"} List */

/**
 * Who the server takes a client for, and what it may do.
 * @typedef {object} Identity
 * @property {string} subject
 * @property {"token" | "key" | "certificate" | "local" | "anonymous"} kind
 * @property {Record<List, string[]>} permissions
 * @property {Date} [expires] absent for never
 */

/** Long lists are shortened by the server. */
const SHORTENED = /^and \d+ more$/;

const TIMEOUT = 10_000;

/**
 * @param {string | undefined} token
 * @param {AbortSignal} signal
 * @returns {Promise<Identity | {trouble: string} | undefined>} trouble if the token is refused or there is no answer;
 *   undefined if the server knows no identities
 */
export async function whoAmI(token, signal) {
  try {
    const response = await fetch("/whoami", {
      headers: { Accept: "application/json", ...bearer(token) },
      cache: "no-store",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    if (response.status === 404) return undefined;
    return response.ok ? read(await response.json()) : { trouble: await detail(response) };
  } catch {
    return { trouble: "The server can’t be reached" };
  }
}

/**
 * @param {{subject?: unknown, kind?: unknown, permissions?: Record<string, unknown>, expires?: unknown}} answer
 * @returns {Identity}
 */
function read({ subject, kind, permissions, expires }) {
  /** @param {List} list */
  const texts = (list) => {
    const values = permissions?.[list];
    return Array.isArray(values) ? values.map(String) : [];
  };
  return {
    subject: String(subject),
    kind: /** @type {Identity["kind"]} */ (kind),
    permissions: { subscribe: texts("subscribe"), publish: texts("publish"), role: texts("role") },
    expires: typeof expires === "string" ? new Date(expires) : undefined,
  };
}

/**
 * The reason in the server's words, without the status and its name.
 * @param {Response} response
 */
export async function detail(response) {
  const copy = response.clone();
  const { detail } = (await response.json().catch(() => null)) ?? {};
  return typeof detail === "string" && detail !== "" ? detail.replace(/\.$/, "") : `${copy.status} ${await problem(copy)}`;
}

/**
 * Whether one of the patterns matches a channel, as the server compares them.
 * @param {readonly string[]} patterns
 * @param {string} channel
 * @param {string} subject
 * @returns {boolean} also true if not all patterns are known
 */
export function covers(patterns, channel, subject) {
  const names = channel.split(".");
  return patterns.some((pattern) => SHORTENED.test(pattern) || matches(pattern.split("."), names, subject));
}

/**
 * @param {readonly string[]} parts
 * @param {readonly string[]} names
 * @param {string} subject
 */
function matches(parts, names, subject) {
  // At each place: whether the parts so far match as many names. A search that goes back could take very long.
  let reached = [true, ...names.map(() => false)];
  for (const part of parts) {
    /** @type {boolean[]} */
    const next = [];
    for (const at of reached.keys()) {
      const one = part === "*" || names[at - 1] === (part === "{sub}" ? subject : part);
      next.push(part === "**" ? reached[at] || next[at - 1] === true : at > 0 && reached[at - 1] && one);
    }
    reached = next;
  }
  return reached[names.length];
}
