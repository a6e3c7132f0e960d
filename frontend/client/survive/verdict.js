import { spoken } from "./durations.js";
import { IDLE_TIMEOUTS, OWN_HEARTBEAT, suspects, withoutBuffering } from "./intermediaries.js";
import { heartbeatFor, limitOf } from "./limits.js";
import { NAMES } from "./trial.js";

/** @typedef {import("./result.js").Survival} Survival */
/** @typedef {import("./trial.js").Finding} Finding */
/** @typedef {import("./trial.js").Transport} Transport */
/** @typedef {import("./limits.js").Limit} Limit */

/**
 * @typedef {object} Row the results of one transport
 * @property {Transport} transport
 * @property {Limit} limit
 * @property {number} [heartbeat] the recommended one; undefined if none is needed
 * @property {Finding} [proof] the trial of that heartbeat
 * @property {Finding} [refusal] why nothing could be tried
 */

/** How far a limit may be from a known timeout, relatively. */
const NEAR = 0.08;

/** The share of ticks that arrive together with the one before, from which a stream counts as buffered. */
const BUFFERED = 0.2;

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
 * @returns {string[]} paragraphs, the most important one first
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
      `${NAMES[transport]}: the limit is not constant, since a longer silence was survived. There may be several routes to the service, or another reason for the endings. Measure again.`),
    ...all.filter(({ refusal }) => refusal).map(({ transport, refusal }) => `${NAMES[transport]} cannot be used here: ${refusal?.how}.`),
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
  const proof = `With it, ${listed(proven, "and")} survived more than twice the limit`;
  if (uncut.length > 0) {
    return [`Use ${listed(uncut, "or")}: nothing ended it. For ${listed(cut, "or")}, set the heartbeat to ${heartbeat}, half of the longest silence that is survived.${proven.length > 0 ? ` ${proof}.` : ""}`];
  }
  if (proven.length === 0) {
    return [`A heartbeat of ${heartbeat} should be enough, but no connection survived with it: something ends connections whether they are silent or not. Check the intermediaries before you choose a transport.`];
  }
  const choice = proven.length < open.length ? `Use ${listed(proven, "or")}` : open.length > 1 ? `Use any of ${listed(open, "and")}` : `Use ${listed(open, "or")}`;
  return [`${choice}, and set the heartbeat to ${heartbeat}: half of the longest silence that is survived. ${proof}.`];
}

/** @param {Row[]} open */
function allLive(open) {
  const longest = Math.max(...open.map(({ limit }) => limit.lived));
  const more = longest < 2 * OWN_HEARTBEAT
    ? `To check the service’s default heartbeat of ${spoken(OWN_HEARTBEAT)}, measure silences of ${spoken(2 * OWN_HEARTBEAT)} or more.`
    : `The service’s default heartbeat of ${spoken(OWN_HEARTBEAT)} is short enough.`;
  return `${listed(open, "and")} survived a silence of ${spoken(longest)}, the longest that was tried. ${more}`;
}

/** @param {Row} row */
function ending({ transport, limit: { lived, died = 0, ending }, proof }) {
  const limit = lived > 0 ? `a silence of ${spoken(lived)} is survived, one of ${spoken(died)} is not` : `even a silence of ${spoken(died)} is not survived`;
  const failed = proof && proof.outcome !== "survived" ? ` A heartbeat of ${spoken(proof.heartbeat ?? 0)} did not help.` : "";
  return `${NAMES[transport]}: ${limit}. ${culprit(ending)}${failed}`;
}

/** @param {Finding | undefined} ending */
function culprit(ending) {
  if (ending?.by === "service") return `The service itself ended it: ${ending.how}.`;
  const manner = ending?.outcome === "dropped"
    ? "dropped it without a notice, as firewalls and NATs do: neither side is told, and a client without a heartbeat waits forever"
    : "ended it";
  const noticed = ending?.noticed === false ? " The service had not noticed it." : "";
  return `An intermediary between this browser and the service ${manner}: ${ending?.how}.${noticed}`;
}

/** @param {Row[]} rows that an intermediary ended */
function remedy(rows) {
  const died = Math.min(...rows.map(({ limit }) => limit.died ?? Infinity));
  const settings = suspects(rows.map(({ transport }) => transport)).join(", ");
  const found = IDLE_TIMEOUTS.find(({ seconds }) => Math.abs(died / 1000 / seconds - 1) < NEAR);
  const usual = found ? ` ${spoken(1000 * found.seconds)} is the timeout of ${found.whose}.` : "";
  return `What to change: send heartbeats more often than every ${spoken(died)}, or set a longer timeout in the intermediary (${settings}, or the idle timeout of a firewall or load balancer).${usual}`;
}

/** @param {Survival} survival */
function buffering({ buffering }) {
  const sound = buffering.filter((arrival) => arrival.ticks > 0 && !isBuffered(arrival));
  return [
    ...(sound.length > 0 ? [`${listed(sound, "and")}: events arrive one by one; nothing buffers the stream.`] : []),
    ...buffering.filter((arrival) => !sound.includes(arrival)).map(({ transport, ticks, held }) => ticks === 0
      ? `${NAMES[transport]}: no event of a test stream arrived in time. A proxy may hold responses back until they end: switch its buffering off (${withoutBuffering}).`
      : `${NAMES[transport]}: events arrive in groups, held back for up to ${spoken(held)}: a proxy buffers the stream. Switch its buffering off (${withoutBuffering}), or use WebSocket.`),
  ];
}

/** @param {{ticks: number, lumped: number}} arrival */
function isBuffered({ ticks, lumped }) {
  return lumped > BUFFERED * ticks;
}

/**
 * The heartbeat that was tried together with the silences.
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
      `A heartbeat of ${spoken(heartbeat ?? 0)} was tried, too:`,
      ...(lived.length > 0 ? [`${listed(lived, "and")} survived ${spoken(silence)} without a message.`] : []),
      ...(died.length > 0 ? [`it is too long for ${listed(died, "and")}.`] : []),
    ].join(" ");
  });
}

/** @param {Survival} survival */
function multiplexed({ protocol }) {
  return /^h[23]/.test(protocol)
    ? ["This browser uses HTTP/2 or 3 here. Its streams share one connection, which other requests keep busy. Limits on idle connections affect only WebSockets; limits on idle responses affect all."]
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
