import { inWords } from "../report/circumstances.js";
import { textTable } from "../report/text-table.js";
import { roundTrip } from "./result.js";
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

/** Under this, what is around a message weighs more than what is in it. */
const HEAVY = 2;

/** @type {readonly Figure[]} */
export const FIGURES = [
  {
    id: "open",
    name: "Open",
    meaning: "Time to open a connection, which every message pays that has one of its own; “reused” where the browser had one open.",
    show: ({ open }) => (open === undefined ? "reused" : time(open)),
  },
  {
    id: "first",
    name: "First byte",
    meaning: "From the start of dialling to the first byte of an answer: what somebody waits for who comes new.",
    show: ({ first }) => time(first),
  },
  percentile("p50", 0.5, "Half of the round trips, from sending a message to having it back whole, took no longer; for a connection each, dialling is part of it."),
  percentile("p90", 0.9, "One in ten took longer than this."),
  percentile("p99", 0.99, "One in a hundred took longer: what a user meets now and then, and a page that sends a hundred messages each time."),
  percentile("max", 1, "The slowest of all, often the browser’s or the network’s doing."),
  {
    id: "rate",
    name: "Messages/s",
    meaning: "Messages a second if each waits for the one before; with several on their way it would be more, on all transports.",
    show: ({ rate }) => (rate < 100 ? rate.toPrecision(2) : whole(rate)),
  },
  {
    id: "in",
    name: "Bytes there",
    meaning: "Bytes on the wire from here to the service for one message, as the service counted them: heads, framing and compression included, TCP’s and TLS’ own not.",
    show: ({ bytes }) => (bytes ? whole(bytes.in) : "–"),
  },
  {
    id: "out",
    name: "Bytes back",
    meaning: "The same for the message’s way back.",
    show: ({ bytes }) => (bytes ? whole(bytes.out) : "–"),
  },
];

/** What has to be known to read the figures right. */
export const CAVEATS = [
  "Browsers have no TCP: in “TCP (bridged)” the browser’s leg is a WebSocket to the service, and only the service’s own leg to its echo is TCP. Its times contain both legs, its bytes are those of the TCP leg, where a message costs what is in it.",
  "Messages are random hexadecimal digits. Browsers and the service compress WebSocket messages, these to about half and text more, so that a message may cost less than its size.",
  "A browser’s clock steps by about 0.1 ms, and other work of this page and machine is in all figures. For exact ones, TCP from end to end and many connections take the command line: java -jar holdfast.jar compare.",
];

/**
 * What the figures mean for choosing.
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
  const factor = times(Math.max(over, by), Math.min(over, by));
  const comparison = factor === "" ? "no real difference" : `${slow} takes ${factor} as long as ${fast}`;
  return `Kept open, half of the messages were back within ${time(over)} over WebSocket and ${time(by)} over HTTP: ${comparison}.`;
}

/**
 * @param {Measured} socket
 * @param {Measured} short
 */
function opening(socket, short) {
  const [keptOpen, each] = [roundTrip(socket, 0.5), roundTrip(short, 0.5)];
  const factor = times(each, keptOpen);
  return factor === ""
    ? `A new WebSocket for each message takes ${time(each)}, hardly more than one that is kept open.`
    : `A new WebSocket for each message takes ${time(each)}, ${factor} as long: open it once and keep it. Over a longer way or with TLS the difference grows, for every opening costs several round trips.`;
}

/**
 * @param {number} size
 * @param {import("./wire.js").Bytes} socket
 * @param {import("./wire.js").Bytes} http
 */
function weight(size, socket, http) {
  const [light, heavy] = [socket.in + socket.out, http.in + http.out];
  return `There and back, a message of ${whole(size)} bytes put ${whole(light)} bytes on the wire over WebSocket and ${whole(heavy)} over HTTP, whose heads go with every request.`;
}

/**
 * @param {number} size
 * @param {Measured} socket
 * @param {Measured} http
 */
function choice(size, socket, http) {
  const heads = http.bytes && http.bytes.in + http.bytes.out > HEAVY * 2 * size;
  const faster = times(roundTrip(http, 0.5), roundTrip(socket, 0.5)) !== "";
  if (heads || faster) {
    return `So: for many messages of this size both ways, take a WebSocket. For one now and then, HTTP’s ${time(roundTrip(http, 0.5))} are well spent on what needs no care: every proxy passes it, and nothing has to be kept alive. If only the service has news, a stream over HTTP does it.`;
  }
  return "So: at this size the transport hardly matters. Take HTTP, which every proxy passes and which needs nothing kept alive, unless the service has to speak first.";
}

/**
 * @param {number} more
 * @param {number} less
 * @returns {string} empty if they are about the same
 */
function times(more, less) {
  const factor = more / Math.max(less, 0.05);
  if (factor < 1.25) return "";
  return factor < 10 ? `${factor.toFixed(1)} times` : `${whole(factor)} times`;
}

/** @param {Comparison} comparison */
export function asText(comparison) {
  const { size, count, measured, missing } = comparison;
  const rows = measured.map((way) => [wayOf(way.way).name, ...FIGURES.map(({ show }) => show(way))]);
  return [
    `Holdfast, compare: ${whole(count)} messages of ${whole(size)} bytes on each way; a connection each for at most 200`,
    inWords(comparison),
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
function time(milliseconds) {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
}

/** @param {number} number */
function whole(number) {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 0 }).format(number);
}
