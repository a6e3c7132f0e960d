import { spoken } from "./durations.js";
import { heartbeatFor, limitOf } from "./limits.js";
import { NAMES } from "./trial.js";

/** @typedef {import("./result.js").Survival} Survival */
/** @typedef {import("./trial.js").Finding} Finding */
/** @typedef {import("./trial.js").Transport} Transport */
/** @typedef {import("./limits.js").Limit} Limit */

/**
 * @typedef {object} Row what is known of one transport
 * @property {Transport} transport
 * @property {Limit} limit
 * @property {number} [heartbeat] to be set; none is needed if it is not there
 * @property {Finding} [proof] of that heartbeat
 * @property {Finding} [refusal] if nothing could be tried
 */

/**
 * Limits that things in between have by default, in seconds. Who finds one of them knows where to look.
 * @type {readonly [seconds: number, whose: string][]}
 */
const USUAL = [
  [60, "nginx (proxy_read_timeout) and AWS’ application load balancer"],
  [100, "Cloudflare"],
  [240, "Azure’s load balancer"],
  [350, "AWS’ network load balancer"],
  [600, "Google’s load balancer and firewalls"],
];

const NEAR = 0.08;

/** The service’s own, if nobody asks for another. */
const DEFAULT_HEARTBEAT = 25_000;

/** Of a buffering proxy, more than one or two ticks come in lumps. */
const LUMPY = 0.2;

/**
 * @param {Survival} survival
 * @returns {Row[]}
 */
export function rows({ transports, findings }) {
  return transports.map((transport) => {
    const own = findings.filter((finding) => finding.transport === transport);
    const limit = limitOf(own);
    const heartbeat = heartbeatFor(limit);
    return {
      transport,
      limit,
      heartbeat,
      proof: own.findLast((finding) => finding.heartbeat !== undefined && finding.heartbeat === heartbeat),
      refusal: limit.lived === 0 && limit.died === undefined ? own.find(({ outcome }) => outcome === "refused") : undefined,
    };
  });
}

/**
 * @param {Survival} survival
 * @returns {string[]} paragraphs, the most important first
 */
export function verdict(survival) {
  const all = rows(survival);
  const open = all.filter(({ refusal }) => !refusal);
  return [
    ...recommendation(open),
    ...open.filter(({ limit }) => limit.died !== undefined).map((row) => ending(row)),
    ...open.filter(({ limit }) => !limit.steady).map(({ transport }) =>
      `${NAMES[transport]}: the limit is not steady, a longer silence was survived all the same. Several ways may lead to the service, or something else ends connections, too: measure again.`),
    ...all.filter(({ refusal }) => refusal).map(({ transport, refusal }) => `${NAMES[transport]} can’t be used here: ${refusal?.how}.`),
    ...buffering(survival),
    ...tried(survival),
    ...multiplexed(survival),
  ];
}

/** @param {Row[]} open */
function recommendation(open) {
  if (open.length === 0) return ["Nothing can be recommended: no connection could be opened."];
  const cut = open.filter(({ limit }) => limit.died !== undefined);
  const longest = Math.max(...open.map(({ limit }) => limit.lived));
  if (cut.length === 0) {
    return [`All of them live: ${listed(open)} survived a silence of ${spoken(longest)}, the longest that was tried. No heartbeat is needed for shorter ones; the service’s own, ${spoken(DEFAULT_HEARTBEAT)}, is enough${longest < 2 * DEFAULT_HEARTBEAT ? " if nothing cuts before 50 s: try longer silences to know" : ""}.`];
  }
  const heartbeat = Math.min(...cut.map((row) => row.heartbeat ?? Infinity));
  const sound = open.filter(({ proof, limit }) => limit.died === undefined || proof?.outcome === "survived");
  if (sound.length === 0) {
    return [`A heartbeat of ${spoken(heartbeat)} should do, but even with it no connection lived: something here ends connections whether they are silent or not. Look at what is in between before you choose a transport.`];
  }
  const uncut = open.filter(({ limit }) => limit.died === undefined);
  const best = uncut.length > 0 ? uncut : sound;
  const choice = best.length === open.length ? `Any of ${listed(open)} will do` : `Take ${listed(best)}`;
  return [`${choice}. Set the heartbeat to ${spoken(heartbeat)}: half of the longest silence that lives, and tried: with it, ${listed(sound.filter(({ proof }) => proof))} outlived more than twice the limit.`];
}

/** @param {Row} row */
function ending({ transport, limit: { lived, died = 0, ending }, proof }) {
  const name = NAMES[transport];
  const limit = lived > 0 ? `a silence of ${spoken(lived)} lives, one of ${spoken(died)} does not` : `even a silence of ${spoken(died)} does not live`;
  const failed = proof && proof.outcome !== "survived" ? ` A heartbeat of ${spoken(proof.heartbeat ?? 0)} did not save it.` : "";
  if (ending?.by === "service") return `${name}: ${limit}. The service itself ended it (${ending.how}).${failed}`;
  const manner = ending?.outcome === "dropped"
    ? `dropped it without a word (${ending.how}), as firewalls and NAT do: neither side is told, so that a client without a heartbeat waits for ever`
    : `ended it (${ending?.how})`;
  const noticed = ending?.noticed === false ? " The service had not noticed when asked: it still counted the connection as open." : "";
  return `${name}: ${limit}. Something between this browser and the service ${manner}.${noticed}${usual(died)} ${remedy(transport, died)}${failed}`;
}

/** @param {number} died */
function usual(died) {
  const found = USUAL.find(([seconds]) => Math.abs(died / 1000 / seconds - 1) < NEAR);
  return found ? ` ${found[0]} s is the default of ${found[1]}.` : "";
}

/**
 * @param {Transport} transport
 * @param {number} died
 */
function remedy(transport, died) {
  const settings = transport === "websocket"
    ? "nginx’s proxy_read_timeout, HAProxy’s timeout tunnel"
    : "nginx’s proxy_read_timeout, HAProxy’s timeout server";
  return `Either send a heartbeat more often than every ${spoken(died)}, or raise the idle limit there (${settings}) above the heartbeat.`;
}

/** @param {Survival} survival */
function buffering({ buffering }) {
  return buffering.map(({ transport, ticks, lumped, held }) => {
    const name = NAMES[transport];
    if (ticks === 0) return `${name}: of a stream of quick ticks nothing arrived in time. A proxy that holds answers back until they end looks like this: switch its buffering off (nginx: proxy_buffering off).`;
    if (isLumpy({ ticks, lumped })) return `${name}: events arrive in lumps, held back for up to ${spoken(held)}: something buffers the stream. Switch it off there (nginx: proxy_buffering off), or take WebSocket.`;
    return `${name}: events arrive one by one; nothing buffers the stream.`;
  });
}

/** @param {{ticks: number, lumped: number}} arrival */
export function isLumpy({ ticks, lumped }) {
  return lumped > LUMPY * ticks;
}

/** @param {Survival} survival */
function tried(survival) {
  const recommended = new Set(rows(survival).flatMap(({ proof }) => proof ?? []));
  return survival.findings
    .filter((finding) => finding.heartbeat !== undefined && !recommended.has(finding) && finding.outcome !== "refused")
    .map(({ transport, heartbeat = 0, outcome, silence }) => outcome === "survived"
      ? `${NAMES[transport]}: with a heartbeat of ${spoken(heartbeat)}, ${spoken(silence)} without a message were survived.`
      : `${NAMES[transport]}: a heartbeat of ${spoken(heartbeat)} is too slow here.`);
}

/** @param {Survival} survival */
function multiplexed({ protocol }) {
  return /^h[23]/.test(protocol)
    ? ["This browser speaks HTTP/2 or 3 here: its streams share one connection, which other requests keep busy. Limits on idle connections show in WebSockets only; those on idle answers show in all."]
    : [];
}

/** @param {Row[]} rows */
function listed(rows) {
  const names = rows.map(({ transport }) => NAMES[transport]);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
