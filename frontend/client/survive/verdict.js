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
  const between = open.filter(({ limit }) => limit.ending?.by === "between");
  return [
    ...recommendation(open),
    ...open.filter(({ limit }) => limit.died !== undefined).map(ending),
    ...(between.length > 0 ? [remedy(between)] : []),
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
  if (cut.length === 0) return [allLive(open)];
  const heartbeat = spoken(Math.min(...cut.map((row) => row.heartbeat ?? Infinity)));
  const uncut = open.filter(({ limit }) => limit.died === undefined);
  const proven = cut.filter(({ proof }) => proof?.outcome === "survived");
  const proof = `With it, ${listed(proven, "and")} outlived more than twice the limit`;
  if (uncut.length > 0) {
    return [`Take ${listed(uncut, "or")}, which nothing cut. If it has to be ${listed(cut, "or")}, set the heartbeat to ${heartbeat}, half of the longest silence that lives.${proven.length > 0 ? ` ${proof}.` : ""}`];
  }
  if (proven.length === 0) {
    return [`A heartbeat of ${heartbeat} should do, but even with it no connection lived: something here ends connections whether they are silent or not. Look at what is in between before you choose a transport.`];
  }
  const choice = proven.length < open.length ? `Take ${listed(proven, "or")}` : open.length > 1 ? `Take any of ${listed(open, "and")}` : `${listed(open, "or")} will do`;
  return [`${choice}, and set the heartbeat to ${heartbeat}: half of the longest silence that lives. ${proof}.`];
}

/** @param {Row[]} open */
function allLive(open) {
  const longest = Math.max(...open.map(({ limit }) => limit.lived));
  const more = longest < 2 * DEFAULT_HEARTBEAT
    ? `Whether the service’s own heartbeat of ${spoken(DEFAULT_HEARTBEAT)} is quick enough, silences of ${spoken(2 * DEFAULT_HEARTBEAT)} and more would tell.`
    : `The service’s own heartbeat of ${spoken(DEFAULT_HEARTBEAT)} is quick enough.`;
  return `${listed(open, "and")} survived a silence of ${spoken(longest)}, the longest that was tried: nothing here ends silent connections that soon. ${more}`;
}

/** @param {Row} row */
function ending({ transport, limit: { lived, died = 0, ending }, proof }) {
  const limit = lived > 0 ? `a silence of ${spoken(lived)} lives, one of ${spoken(died)} does not` : `even a silence of ${spoken(died)} does not live`;
  const failed = proof && proof.outcome !== "survived" ? ` A heartbeat of ${spoken(proof.heartbeat ?? 0)} did not save it.` : "";
  return `${NAMES[transport]}: ${limit}. ${culprit(ending)}${failed}`;
}

/** @param {Finding | undefined} ending */
function culprit(ending) {
  if (ending?.by === "service") return `The service itself ended it: ${ending.how}.`;
  const manner = ending?.outcome === "dropped"
    ? "dropped it without a word, as firewalls and NAT do: neither side is told, and a client without a heartbeat waits for ever"
    : "ended it";
  const noticed = ending?.noticed === false ? " When asked, the service had not noticed yet." : "";
  return `Something between this browser and the service ${manner}: ${ending?.how}.${noticed}`;
}

/** @param {Row[]} rows that something in between ended */
function remedy(rows) {
  const died = Math.min(...rows.map(({ limit }) => limit.died ?? Infinity));
  const settings = [
    "nginx’s proxy_read_timeout",
    ...(rows.some(({ transport }) => transport !== "websocket") ? ["HAProxy’s timeout server"] : []),
    ...(rows.some(({ transport }) => transport === "websocket") ? ["HAProxy’s timeout tunnel"] : []),
  ].join(", ");
  const found = USUAL.find(([seconds]) => Math.abs(died / 1000 / seconds - 1) < NEAR);
  const usual = found ? ` ${found[0]} s is the default of ${found[1]}.` : "";
  return `What to change: heartbeats more often than every ${spoken(died)}, or a longer idle time in what is in between (${settings}, a firewall’s or load balancer’s idle timeout).${usual}`;
}

/** @param {Survival} survival */
function buffering({ buffering }) {
  const sound = buffering.filter((arrival) => arrival.ticks > 0 && !isLumpy(arrival));
  return [
    ...(sound.length > 0 ? [`${listed(sound, "and")}: events arrive one by one, nothing buffers the stream.`] : []),
    ...buffering.filter((arrival) => !sound.includes(arrival)).map(({ transport, ticks, held }) => ticks === 0
      ? `${NAMES[transport]}: of a stream of quick ticks nothing arrived in time. A proxy that holds answers back until they end looks like this: switch its buffering off (nginx: proxy_buffering off).`
      : `${NAMES[transport]}: events arrive in lumps, held back for up to ${spoken(held)}: something buffers the stream. Switch that off (nginx: proxy_buffering off), or take WebSocket.`),
  ];
}

/** @param {{ticks: number, lumped: number}} arrival */
function isLumpy({ ticks, lumped }) {
  return lumped > LUMPY * ticks;
}

/**
 * The heartbeat that was tried along with the silences.
 * @param {Survival} survival
 */
function tried(survival) {
  const proofs = new Set(rows(survival).flatMap(({ proof }) => proof ?? []));
  const findings = survival.findings.filter((finding) =>
    finding.heartbeat !== undefined && !proofs.has(finding) && finding.outcome !== "refused");
  return [...new Set(findings.map(({ heartbeat }) => heartbeat))].map((heartbeat) => {
    const own = findings.filter((finding) => finding.heartbeat === heartbeat);
    const lived = own.filter(({ outcome }) => outcome === "survived");
    const died = own.filter(({ outcome }) => outcome !== "survived");
    const silence = Math.max(...lived.map(({ silence }) => silence));
    return [
      `Tried as well, a heartbeat of ${spoken(heartbeat ?? 0)}:`,
      ...(lived.length > 0 ? [`${listed(lived, "and")} lived ${spoken(silence)} without a message.`] : []),
      ...(died.length > 0 ? [`it is too slow for ${listed(died, "and")}.`] : []),
    ].join(" ");
  });
}

/** @param {Survival} survival */
function multiplexed({ protocol }) {
  return /^h[23]/.test(protocol)
    ? ["This browser speaks HTTP/2 or 3 here: its streams share one connection, which other requests keep busy. Limits on idle connections show in WebSockets only; those on idle answers show in all."]
    : [];
}

/**
 * @param {{transport: Transport}[]} rows
 * @param {"and" | "or"} conjunction
 */
function listed(rows, conjunction) {
  const names = rows.map(({ transport }) => NAMES[transport]);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${conjunction} ${names.at(-1)}`;
}
