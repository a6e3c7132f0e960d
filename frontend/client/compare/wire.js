// SPDX-License-Identifier: Apache-2.0
import { MESSAGE_TYPE } from "./http-line.js";
import { SocketLine } from "./socket-line.js";

/**
 * Bytes of messages on the wire, as the service counted them: with headers, framing and compression, without TLS, TCP and
 * IP.
 * @typedef {object} Bytes
 * @property {number} in to the service
 * @property {number} out from the service
 */

/** @typedef {{message: Bytes, opening?: Bytes}} Cost of one message, and of opening the connection */

/** Messages to count: so many that the bytes of the final question do not matter. */
const MESSAGES = 32;

const TRIES = 3;
const PATH = "/inspect";

/** The service does not count the bytes. */
export class NotCounted extends Error {}

/**
 * Uses a separate WebSocket: a text message is answered with the connection's bytes, and binary messages come back as on
 * `/echo`.
 * @param {() => string} message makes one
 * @param {string} label
 * @param {AbortSignal} signal
 * @returns {Promise<Cost>}
 */
export async function webSocketCost(message, label, signal) {
  const line = await SocketLine.open(PATH, "binary", label, signal);
  try {
    const ask = async () => bytes(JSON.parse(await line.ask("?")));
    const [opened, before] = [await ask(), await ask()];
    for (let sent = 0; sent < MESSAGES; sent++) await line.exchange(message());
    const after = await ask();
    const question = minus(before, opened);
    return {
      message: share(minus(minus(after, before), question)),
      opening: { in: opened.in - question.in, out: opened.out },
    };
  } finally {
    line.close();
  }
}

/**
 * Uses the connections that the browser chooses. Bytes can be counted over many messages if all these requests, and no
 * others, use the same connection. A proxy may open a new one for each request, as nginx does by default: then one request is
 * enough.
 * @param {import("./http-line.js").HttpLine} line to `/echo`
 * @param {() => string} message
 * @param {AbortSignal} signal
 * @returns {Promise<Cost>}
 */
export async function httpCost(line, message, signal) {
  for (let tried = 0; tried < TRIES; tried++) {
    const opened = await inspect(signal);
    const before = await inspect(signal);
    for (let sent = 0; sent < MESSAGES; sent++) await line.exchange(message());
    const after = await inspect(signal);
    if (opened.remote === before.remote && before.remote === after.remote && after.requests === before.requests + MESSAGES + 1) {
      const question = minus(before.bytes, opened.bytes);
      return { message: share(minus(minus(after.bytes, before.bytes), question)) };
    }
  }
  return { message: await oneRequest(line, message(), signal) };
}

/**
 * Bytes of a request that has a connection of its own to the service. Those of the answer are from its header fields as the
 * browser received them, in the form of HTTP/1.1, which is what proxies use to the service.
 * @param {import("./http-line.js").HttpLine} line
 * @param {string} message
 * @param {AbortSignal} signal
 * @returns {Promise<Bytes>}
 */
async function oneRequest(line, message, signal) {
  const { requests, bytes } = await inspect(signal);
  if (requests !== 1) throw new NotCounted("the messages were spread over several connections");
  const answer = await line.post(message);
  await answer.arrayBuffer();
  if (!answer.ok) throw new NotCounted(`/echo answered ${answer.status}`);
  const fields = [...answer.headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return {
    in: bytes.in + POST_ECHO.length - GET_INSPECT.length + postFields(message).length + message.length,
    out: `HTTP/1.1 200 OK\r\n${fields}\r\n`.length + message.length,
  };
}

const POST_ECHO = "POST /echo";
const GET_INSPECT = `GET ${PATH}`;

/**
 * The header fields that a browser adds to a POST.
 * @param {string} message
 */
function postFields({ length }) {
  return `Content-Length: ${length}\r\nOrigin: ${location.origin}\r\n`;
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<{remote: string, requests: number, bytes: Bytes}>}
 */
async function inspect(signal) {
  // With the same header fields as a message.
  const response = await fetch(PATH, { headers: { "Content-Type": MESSAGE_TYPE }, cache: "no-store", signal });
  if (!response.ok) throw new NotCounted(`this service has no ${PATH}`);
  const seen = await response.json();
  return { remote: String(seen?.remote), requests: Number(seen?.requests), bytes: bytes(seen) };
}

/** @param {any} seen */
function bytes(seen) {
  const { in: came, out } = seen?.bytes ?? {};
  if (typeof came !== "number" || typeof out !== "number") throw new NotCounted(`this service's ${PATH} does not report bytes`);
  return { in: came, out };
}

/**
 * @param {Bytes} later
 * @param {Bytes} sooner
 * @returns {Bytes}
 */
function minus(later, sooner) {
  return { in: later.in - sooner.in, out: later.out - sooner.out };
}

/** @param {Bytes} all */
function share(all) {
  return { in: all.in / MESSAGES, out: all.out / MESSAGES };
}
