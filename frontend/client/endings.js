// SPDX-License-Identifier: Apache-2.0
import { duration } from "./durations.js";

/** @typedef {import("./reconnecting.js").Ending} Ending */

/** @type {ReadonlyMap<number, string>} */
const CLOSE_CODES = new Map([
  [1000, "The server closed the connection"],
  [1001, "The server went away"],
  [1002, "The server saw a protocol error"],
  [1003, "The server does not take this kind of message"],
  [1005, "The server closed the connection"],
  [1007, "The server saw malformed text"],
  [1009, "The message was too big for the server"],
  [1011, "The server had an error"],
  [1012, "The server is draining"],
  [1013, "The server has too many connections"],
  [4000, "The connection was idle"],
  [4001, "An operator ended the connection"],
  [4003, "The token expired"],
  [4004, "An operator revoked the access"],
  [4008, "This page read too slowly"],
]);

/** Reasons not to reconnect: the answer would be the same, or an operator closed the connection. */
const FINAL_CODES = new Set([1002, 1003, 1007, 1009, 4001, 4004]);

const UPGRADE_REQUIRED = 426;

/** For an answer that is only to explain another one; in milliseconds. */
const TIMEOUT = 5_000;

const DRAINING = 1012;
const EXPIRED = 4003;
const REVOKED = 4004;

/**
 * @param {CloseEvent} close
 * @param {boolean} opened whether the connection had been open
 * @returns {Ending}
 */
export function closed({ code, reason }, opened) {
  if (code === 1006) return broken(opened);
  const text = CLOSE_CODES.get(code) ?? "The server closed the connection";
  return {
    reason: `${text} (${reason ? `${code} ${reason}` : code})`,
    retry: !FINAL_CODES.has(code),
    by: "service",
    code: String(code),
    // A close frame has no place for the hint that a goodbye carries; this draws from the same times.
    after: code === DRAINING ? 1_000 + Math.random() * 4_000 : 0,
    ...ofToken(code === EXPIRED, code === REVOKED),
  };
}

/**
 * What an end has to do with the token.
 * @param {boolean} expired
 * @param {boolean} revoked
 * @returns {Pick<Ending, "state" | "rejected">}
 */
function ofToken(expired, revoked) {
  return revoked ? { state: "denied" } : expired ? { rejected: "expired" } : {};
}

/**
 * An end about which the browser gives no details.
 * @param {boolean} opened whether the connection had been open
 * @param {string} [otherwise] the reason if it had not; for a WebSocket, browsers hide from the page which one it was
 * @returns {Ending}
 */
export function broken(opened, otherwise = "Refused or unreachable") {
  return { reason: opened ? "The connection broke" : otherwise, retry: true };
}

/**
 * A response that is not the stream that was asked for.
 * @param {Response} response
 * @returns {Promise<Ending>}
 */
export async function refused(response) {
  const { status } = response;
  const seconds = Number(response.headers.get("Retry-After"));
  return {
    reason: `${status} ${await problem(response)}`,
    retry: status === 429 || status >= 500,
    by: "service",
    code: String(status),
    after: Number.isFinite(seconds) ? seconds * 1000 : 0,
    state: status === 401 || status === 403 ? "denied" : undefined,
  };
}

/**
 * Why a stream or a WebSocket could not be opened, which browsers hide from the page: an ordinary request for the same
 * address tells.
 * @param {string | URL} address
 * @param {string} accept media type
 * @param {AbortSignal} signal
 * @returns {Promise<Ending>}
 */
export async function refusal(address, accept, signal) {
  try {
    const response = await fetch(address, { headers: { Accept: accept }, cache: "no-store", signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) });
    // What a service answers that expects a WebSocket.
    const isUpgrade = response.status === UPGRADE_REQUIRED;
    if (!response.ok && !isUpgrade) return refused(response);
    response.body?.cancel();
    return isUpgrade ? broken(false, "The WebSocket could not be opened, but an HTTP request for its address was answered") : broken(false);
  } catch {
    return broken(false, "Unreachable");
  }
}

/**
 * The problem detail (RFC 9457) of a response as one sentence.
 * @param {Response} response
 * @returns {Promise<string>}
 */
export async function problem(response) {
  const fallback = response.statusText || "refused";
  if (!response.headers.get("Content-Type")?.includes("json")) return fallback;
  /** @type {{title?: unknown, detail?: unknown, valid?: unknown}} */
  const { title, detail, valid } = (await response.json().catch(() => null)) ?? {};
  const text = [title, detail].filter((part) => typeof part === "string" && part !== "").join(": ") || fallback;
  const hint = Array.isArray(valid) ? valid.join(", ") : valid;
  return typeof hint === "string" && hint !== "" && !text.includes(hint) ? `${text} (valid: ${hint})` : text;
}

/**
 * The server's last word on a stream, e.g. {"code":"draining","retry":"3.2s"}.
 * @param {string} json
 * @returns {Ending}
 */
export function goodbye(json) {
  /** @type {{code?: string, retry?: string}} */
  let word = {};
  try {
    word = JSON.parse(json) ?? {};
  } catch {
    // A goodbye that can't be read is still one.
  }
  return farewell(word);
}

/** Trying again would meet the same answer, or go against the operator. */
const FINAL_WORDS = new Set(["kicked", "bad-protocol", "too-big", "revoked"]);

/** @type {ReadonlyMap<string, string>} */
const PLAIN_WORDS = new Map([["expired", "The token expired"], ["revoked", "An operator revoked the access"]]);

/**
 * @param {{code?: string, retry?: string} & Record<string, unknown>} word a goodbye
 * @returns {Ending}
 */
export function farewell({ code = "", retry = "" }) {
  return {
    reason: `${PLAIN_WORDS.get(code) ?? "The server said goodbye"}${code ? ` (${code})` : ""}`,
    retry: !FINAL_WORDS.has(code),
    by: "service",
    code,
    after: duration(retry) ?? 0,
    ...ofToken(code === "expired", code === "revoked"),
  };
}
