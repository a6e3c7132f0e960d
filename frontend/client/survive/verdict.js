// SPDX-License-Identifier: Apache-2.0
import { spoken } from "./durations.js";
import { ENOUGH, IDLE_TIMEOUTS, OWN_HEARTBEAT, suspects, withoutBuffering } from "./intermediaries.js";
import { offers } from "./offers.js";
import { listed, rowOf, rows } from "./rows.js";
import { NAMES } from "./trial.js";

/** @typedef {import("./result.js").Survival} Survival */
/** @typedef {import("./rows.js").Row} Row */

/** How far a limit may be from a known timeout, relatively. */
const NEAR = 0.08;

/** The share of ticks that arrive together with the one before, from which a stream counts as buffered. */
const BUFFERED = 0.2;

/**
 * @param {Survival} survival
 * @returns {string[]} paragraphs, the most important one first
 */
export function verdict(survival) {
  const results = rows(survival);
  const open = results.filter(({ refusal }) => !refusal);
  return [
    ...recommendation(open),
    ...open.filter(({ limit }) => limit.died !== undefined).map(ending),
    ...remedy(survival),
    ...open.filter(({ limit }) => !limit.steady).map(({ transports }) =>
      `${listed(transports, "and")}: the limit is not constant, since a longer silence was survived. There may be several routes to the service, or another reason for the endings. Measure again.`),
    ...results.filter(({ refusal }) => refusal).map(({ transports, refusal }) => `${listed(transports, "and")} cannot be used here: ${refusal?.how}.`),
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
  const proof = `With it, ${listed(all(proven), "and")} survived more than twice the limit`;
  if (uncut.length > 0) {
    return [`Use ${listed(all(uncut), "or")}: nothing ended it. For ${listed(all(cut), "or")}, set the heartbeat to ${heartbeat}, half of the longest silence that is survived.${proven.length > 0 ? ` ${proof}.` : ""}`];
  }
  if (proven.length === 0) {
    return [`A heartbeat of ${heartbeat} should be enough, but no connection survived with it: something ends connections whether they are silent or not. Check the intermediaries before you choose a transport.`];
  }
  const choice = proven.length < open.length ? `Use ${listed(all(proven), "or")}` : all(open).length > 1 ? `Use any of ${listed(all(open), "and")}` : `Use ${listed(all(open), "or")}`;
  return [`${choice}, and set the heartbeat to ${heartbeat}: half of the longest silence that is survived. ${proof}.`];
}

/** @param {Row[]} rows */
function all(rows) {
  return rows.flatMap(({ transports }) => transports);
}

/** @param {Row[]} open */
function allLive(open) {
  const longest = Math.max(...open.map(({ limit }) => limit.lived));
  const more = longest < 2 * OWN_HEARTBEAT
    ? `To check the service’s default heartbeat of ${spoken(OWN_HEARTBEAT)}, measure silences of ${spoken(2 * OWN_HEARTBEAT)} or more.`
    : `The service’s default heartbeat of ${spoken(OWN_HEARTBEAT)} is short enough.`;
  return `${listed(all(open), "and")} survived a silence of ${spoken(longest)}, the longest that was tried. ${more}`;
}

/** @param {Row} row */
function ending(row) {
  const { limit: { lived, died = 0 }, proof } = row;
  const limit = lived > 0 ? `a silence of ${spoken(lived)} is survived, one of ${spoken(died)} is not` : `even a silence of ${spoken(died)} is not survived`;
  const failed = proof && proof.outcome !== "survived" ? ` A heartbeat of ${spoken(proof.heartbeat ?? 0)} did not help.` : "";
  return `${listed(row.transports, "and")}: ${limit}. ${culprit(row)}${failed}`;
}

/** @param {Row} row */
function culprit({ limit: { ending }, hows, between }) {
  const how = hows.join("; ");
  const noticed = ending?.noticed === false ? " The service had not noticed it." : "";
  if (ending?.by === "service") {
    return ending.certain ? `The service itself ended it: ${how}.` : `Most likely the service itself ended it: ${how}. Its record, which would tell, could not be read.`;
  }
  if (ending?.by !== "between") {
    return `What ended it is unknown: ${how}. Neither the service’s record of it nor the name of an intermediary could be read. Where the service asks for a token, the record needs the role observer.`;
  }
  if (ending.outcome === "dropped") {
    return `Something between this browser and the service dropped it without a notice, as firewalls and NATs do: neither side is told, and a client without a heartbeat waits forever: ${how}.${noticed}`;
  }
  const named = between === undefined ? "It does not send its name." : `Most likely it is ${between}, the one that sends its name.`;
  return ending.certain
    ? `An intermediary between this browser and the service ended it, as the service’s record shows: ${how}. ${named}${noticed}`
    : `Most likely ${between} ended it, an intermediary that sends its name: ${how}. This is not certain: the service’s record, which would tell, could not be read.`;
}

/** @param {Survival} survival */
function remedy(survival) {
  const between = rows(survival).filter(({ limit }) => limit.ending?.by === "between");
  if (between.length === 0) return [];
  const died = Math.min(...between.map(({ limit }) => limit.died ?? Infinity));
  const settings = offers(survival).map(({ product, setting }) => `${setting} of ${product}`);
  const cut = between.filter(({ limit }) => limit.ending?.outcome === "cut");
  const where = [
    ...(settings.length > 0 ? settings : cut.length > 0 ? [`for example ${suspects(all(cut))}`] : []),
    ...(settings.length === 0 || cut.length < between.length ? ["the idle timeout of a firewall, NAT or load balancer"] : []),
  ].join(", or ");
  const found = IDLE_TIMEOUTS.find(({ seconds }) => Math.abs(died / 1000 / seconds - 1) < NEAR);
  const usual = found ? ` ${spoken(1000 * found.seconds)} is the timeout of ${found.whose}.` : "";
  return died < ENOUGH
    ? [`What to change: send heartbeats more often than every ${spoken(died)}, or set a longer timeout in the intermediary (${where}).${usual}`]
    : [`Nothing has to be changed with the service’s default heartbeat of ${spoken(OWN_HEARTBEAT)}.${usual}`];
}

/** @param {Survival} survival */
function buffering({ buffering, between }) {
  const off = withoutBuffering(between);
  const sound = buffering.filter((arrival) => arrival.ticks > 0 && !isBuffered(arrival));
  return [
    ...(sound.length > 0 ? [`${listed(sound.map(({ transport }) => transport), "and")}: events arrive one by one; nothing buffers the stream.`] : []),
    ...buffering.filter((arrival) => !sound.includes(arrival)).map(({ transport, ticks, held }) => ticks === 0
      ? `${NAMES[transport]}: no event of a test stream arrived in time. A proxy may hold responses back until they end: switch its buffering off (${off}).`
      : `${NAMES[transport]}: events arrive in groups, held back for up to ${spoken(held)}: a proxy buffers the stream. Switch its buffering off (${off}), or use WebSocket.`),
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
  const proofs = new Set(survival.transports.flatMap((transport) => rowOf(survival, transport).proof ?? []));
  const findings = survival.findings.filter((finding) =>
    finding.heartbeat !== undefined && !proofs.has(finding) && finding.outcome !== "refused");
  return [...new Set(findings.map(({ heartbeat }) => heartbeat))].map((heartbeat) => {
    const own = findings.filter((finding) => finding.heartbeat === heartbeat);
    const outcome = (/** @type {boolean} */ survived) => own.filter(({ outcome }) => (outcome === "survived") === survived);
    const [lived, died] = [outcome(true), outcome(false)].map((findings) => findings.map(({ transport }) => transport));
    const silence = Math.max(...outcome(true).map(({ silence }) => silence));
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
