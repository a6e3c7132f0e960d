// SPDX-License-Identifier: Apache-2.0
import { inWords } from "../report/circumstances.js";
import { textTable } from "../report/text-table.js";
import { differs } from "./difference.js";
import { roundTrip, ROUNDS } from "./result.js";
import { wayOf } from "./ways.js";

/** @typedef {import("./result.js").Comparison} Comparison */
/** @typedef {import("./result.js").Measured} Measured */

/**
 * @typedef {object} Figure
 * @property {string} id
 * @property {string} name
 * @property {string} meaning a sentence
 * @property {(measured: Measured) => string} show
 */

/** Bytes on the wire above this many times the message’s size count as heavy. */
const HEAVY = 2;

/** Medians with a smaller ratio do not matter for a choice. */
const NEGLIGIBLE = 1.1;

export const NO_DIFFERENCE = "no difference beyond the spread of the measurement";

/** @type {readonly Figure[]} */
export const FIGURES = [
  {
    id: "open",
    name: "Open",
    meaning: "Time to open a connection. With a new connection per message, every message takes this time. “reused”: the browser had an open one.",
    show: ({ open }) => (open === undefined ? "reused" : time(open)),
  },
  {
    id: "first",
    name: "First byte",
    meaning: "Time from connecting to the first byte of an answer.",
    show: ({ first }) => time(first),
  },
  percentile("p50", 0.5, "Half of the round trips, from sending a message to its complete return, took no longer. With a new connection per message, connecting is included."),
  {
    id: "spread",
    name: "p50 of rounds",
    meaning: `The smallest and the largest median of the ${ROUNDS} rounds. Two ways differ only if these ranges do not overlap.`,
    show: ({ rounds }) => (rounds && rounds.length > 0 ? `${number(Math.min(...rounds))}–${time(Math.max(...rounds))}` : "–"),
  },
  percentile("p90", 0.9, "One in ten took longer."),
  percentile("p99", 0.99, "One in a hundred took longer. A page that sends a hundred messages meets this time once on average."),
  percentile("max", 1, "The slowest one. Often the browser or the network is the reason."),
  {
    id: "rate",
    name: "Messages/s",
    meaning: "Messages per second, one at a time. With several in flight, all transports carry more.",
    show: ({ rate }) => (rate < 100 ? rate.toPrecision(2) : whole(rate)),
  },
  {
    id: "in",
    name: "Bytes sent",
    meaning: "Bytes on the wire to the service for one message, as the service counted them: with headers, framing and compression, without TCP and TLS. Behind a proxy that is the way between the proxy and the service.",
    show: ({ bytes }) => (bytes ? whole(bytes.in) : "–"),
  },
  {
    id: "out",
    name: "Bytes received",
    meaning: "The same in the other direction.",
    show: ({ bytes }) => (bytes ? whole(bytes.out) : "–"),
  },
];

/** What to know when reading the figures. */
export const CAVEATS = [
  "Browsers have no TCP. “TCP (bridged)” uses a WebSocket from the browser to the service, and TCP from the service to its echo. Its times include both; its bytes are those of the TCP part, where a message has no overhead.",
  `All ways are measured in ${ROUNDS} rounds, one after the other in each, so that a noisy moment affects all alike.`,
  "A page cannot ask its browser for a new HTTP connection. For “HTTP, one each” it begins a stream on the one that was used, and gives it up, so that the browser closes it.",
  "If a proxy opens a new connection to the service for each request, the bytes of HTTP are those of one request and its answer, in the form of HTTP/1.1.",
  "Messages are random hexadecimal digits. Browsers and the service compress WebSocket messages, these to about half of their size, so a message may need fewer bytes than its size.",
  "A browser’s clock has steps of about 0.1 ms, and other work of this page and this machine affects all figures. For exact figures, for TCP from end to end, and for many connections use the command line: holdfast compare.",
];

/**
 * What the figures mean for choosing a transport.
 * @param {Comparison} comparison
 * @returns {string[]} paragraphs
 */
export function summary({ size, measured }) {
  /** @param {string} id */
  const of = (id) => measured.find(({ way }) => way === id);
  const socket = of("websocket");
  const http = of("http");
  const socketShort = of("websocket-short");
  return [
    socket && http && kept(socket, http),
    socket && socketShort && opening(socket, socketShort),
    socket?.bytes && http?.bytes && weight(size, socket.bytes, http.bytes),
    socket && http && choice(size, socket, http),
  ].filter((text) => text !== undefined);
}

/**
 * @param {Measured} socket
 * @param {Measured} http
 */
function kept(socket, http) {
  const [over, by] = [roundTrip(socket, 0.5), roundTrip(http, 0.5)];
  const [fast, slow] = over <= by ? ["WebSocket", "HTTP"] : ["HTTP", "WebSocket"];
  const factor = slower(socket, http);
  const comparison = factor === "" ? NO_DIFFERENCE : `${slow} takes ${factor} as long as ${fast}`;
  return `On a kept connection, half of the messages were back within ${time(over)} over WebSocket and ${time(by)} over HTTP: ${comparison}.`;
}

/**
 * @param {Measured} socket
 * @param {Measured} short
 */
function opening(socket, short) {
  const factor = slower(short, socket);
  const each = `A new WebSocket for each message takes ${time(roundTrip(short, 0.5))}`;
  return factor === "" || roundTrip(short, 0.5) < roundTrip(socket, 0.5)
    ? `${each}: ${NO_DIFFERENCE} from a kept one.`
    : `${each}, ${factor} as long. Open it once and keep it. With more distance or with TLS the difference grows, since opening takes several round trips.`;
}

/**
 * @param {number} size
 * @param {import("./wire.js").Bytes} socket
 * @param {import("./wire.js").Bytes} http
 */
function weight(size, socket, http) {
  const [light, heavy] = [socket.in + socket.out, http.in + http.out];
  return `In both directions together, a message of ${whole(size)} bytes needs ${whole(light)} bytes on the wire over WebSocket, and ${whole(heavy)} over HTTP, which sends headers with every request.`;
}

/**
 * @param {number} size
 * @param {Measured} socket
 * @param {Measured} http
 */
function choice(size, socket, http) {
  const heads = http.bytes && http.bytes.in + http.bytes.out > HEAVY * 2 * size;
  const faster = roundTrip(socket, 0.5) < roundTrip(http, 0.5) && slower(socket, http) !== "";
  if (heads || faster) {
    return `Conclusion: for many messages of this size in both directions, use WebSocket. For occasional messages, use HTTP: ${time(roundTrip(http, 0.5))} each, every proxy supports it, and nothing must be kept alive. If only the service sends, use a stream over HTTP.`;
  }
  return "Conclusion: at this size the transport hardly matters. Use HTTP, which every proxy supports and which needs nothing kept alive, unless the service must send first.";
}

/**
 * How many times as long the slower one takes.
 * @param {Measured} one
 * @param {Measured} other
 * @returns {string} empty if the difference is within the spread of the rounds, or negligible
 */
export function slower(one, other) {
  if (differs(one, other) === false) return "";
  const [less, more] = [roundTrip(one, 0.5), roundTrip(other, 0.5)].sort((a, b) => a - b);
  const factor = more / Math.max(less, 0.05);
  if (factor < NEGLIGIBLE) return "";
  return factor < 10 ? `${factor.toFixed(1)} times` : `${whole(factor)} times`;
}

/**
 * The result in one line.
 * @param {Comparison} comparison
 */
export function headline({ size, measured, between }) {
  const kept = measured.filter(({ way }) => !wayOf(way).short);
  const medians = kept.map((measured) => `${wayOf(measured.way).name.split(",")[0]} ${time(roundTrip(measured, 0.5))}`);
  return [...medians, `${whole(size)} bytes, kept open`, ...(between === undefined ? [] : [`through ${between}`])].join(" · ");
}

/** @param {Comparison} comparison */
export function asText(comparison) {
  const { size, count, measured, missing } = comparison;
  const rows = measured.map((way) => [wayOf(way.way).name, ...FIGURES.map(({ show }) => show(way))]);
  return [
    `Holdfast, compare: ${whole(count)} messages of ${whole(size)} bytes per way; at most 200 with a new connection each`,
    inWords(comparison),
    "",
    headline(comparison),
    "",
    `${textTable([["", ...FIGURES.map(({ name }) => name)], ...rows])}`,
    ...missing.map(({ way, why }) => `${wayOf(way).name}: ${why}.`),
    ...measured.filter(({ uncounted }) => uncounted).map(({ way, uncounted }) => `Bytes of ${wayOf(way).name}: ${uncounted}.`),
    "",
    ...summary(comparison),
    "",
    ...CAVEATS,
    "",
  ].join("\n");
}

/**
 * @param {string} name
 * @param {number} share
 * @param {string} meaning
 * @returns {Figure}
 */
function percentile(name, share, meaning) {
  return { id: name, name, meaning, show: (measured) => time(roundTrip(measured, share)) };
}

/** @param {number} milliseconds */
export function time(milliseconds) {
  return milliseconds >= 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${number(milliseconds)} ms`;
}

/** @param {number} milliseconds */
function number(milliseconds) {
  return milliseconds.toFixed(milliseconds < 100 ? 1 : 0);
}

/** @param {number} number */
function whole(number) {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 0 }).format(number);
}
