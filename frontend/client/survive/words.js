// SPDX-License-Identifier: Apache-2.0
import { inWords } from "../report/circumstances.js";
import { textTable } from "../report/text-table.js";
import { culprit } from "./attribution.js";
import { spoken } from "./durations.js";
import { headline } from "./headline.js";
import { offers } from "./offers.js";
import { listed, rows } from "./rows.js";
import { silenceOf, NAMES } from "./trial.js";
import { verdict } from "./verdict.js";

/** @typedef {import("./result.js").Survival} Survival */
/** @typedef {import("./trial.js").Finding} Finding */
/** @typedef {import("./rows.js").Row} Row */

/** @typedef {{name: string, meaning: string, show: (row: Row) => string}} Column */

/** @type {readonly Column[]} of the table of transports */
export const COLUMNS = [
  {
    name: "Survives",
    meaning: "The longest silence after which the connection still worked.",
    show: ({ limit: { lived }, refusal }) => (refusal ? "–" : lived > 0 ? spoken(lived) : "none tried"),
  },
  {
    name: "Ended after",
    meaning: "The shortest silence that was not survived. If the limit was narrowed down, it is within a tenth of the longest silence that was.",
    show: ({ limit: { died } }) => (died === undefined ? "–" : spoken(died)),
  },
  {
    name: "How",
    meaning: "How the browser noticed the end. “The next message” means that it was not told before.",
    show: ({ hows, refusal }) => refusal?.how ?? (hows.join("; ") || "–"),
  },
  {
    name: "By whom",
    meaning: "The service’s record of its connections tells who ended one. Without it, how the end looked and the name that an intermediary sends make it only likely. If nothing tells, it is “unknown”.",
    show: ({ limit: { ending }, between }) => (ending ? culprit(ending, between) : "–"),
  },
  {
    name: "Service noticed",
    meaning: "Whether the service knew of the end when it was asked for its open connections.",
    show: ({ limit: { ending } }) => (ending?.noticed === undefined ? "–" : ending.noticed ? "yes" : "no"),
  },
  {
    name: "Heartbeat to set",
    meaning: "Half of the longest silence that is survived, so that one heartbeat may be late or lost.",
    show: ({ heartbeat }) => (heartbeat === undefined ? "any" : spoken(heartbeat)),
  },
  {
    name: "Tried",
    meaning: "Whether a connection with that heartbeat survived more than twice the limit.",
    show: ({ proof }) => (proof === undefined ? "–" : proof.outcome === "survived" ? `survived ${spoken(proof.silence)}` : "did not survive"),
  },
];

/** What to know when reading the result. */
export const CAVEATS = [
  "The result is valid for the network between this browser and the address of this page. Other networks, mobile ones above all, may have other limits.",
  "During a silence nothing is sent: the service is told to send no heartbeats, and browsers send none.",
  "Browsers slow pages in the background down, so keep this page in front. At most four HTTP and SSE silences run at the same time, since browsers open at most six connections per host over HTTP/1.1.",
  "A browser cannot measure TCP, not even over the /tcp bridge. The command line can: holdfast survive.",
];

/** @type {readonly {name: string, show: (finding: Finding) => string}[]} of the table of all connections */
export const DETAILS = [
  { name: "Silence", show: ({ silence }) => spoken(silence) },
  { name: "Heartbeat", show: ({ heartbeat }) => (heartbeat === undefined ? "none" : spoken(heartbeat)) },
  { name: "Outcome", show: ({ outcome }) => outcome },
  { name: "After", show: (finding) => (finding.outcome === "refused" ? "–" : spoken(silenceOf(finding))) },
  { name: "How", show: ({ how }) => how },
];

/** @param {Row} row */
export function nameOf({ transports }) {
  return listed(transports, "and");
}

/** @param {Survival} survival */
export function asText(survival) {
  return [
    "Holdfast, survive: how long connections may be silent",
    inWords(survival),
    "",
    headline(survival),
    "",
    ...verdict(survival),
    ...offers(survival).flatMap(({ line, where }) => (line === undefined ? [] : [`${where}: ${line}`])),
    "",
    textTable([
      ["", ...COLUMNS.map(({ name }) => name)],
      ...rows(survival).map((row) => [nameOf(row), ...COLUMNS.map(({ show }) => show(row))]),
    ]),
    textTable([
      ["All connections", ...DETAILS.map(({ name }) => name)],
      ...survival.findings.map((finding) => [NAMES[finding.transport], ...DETAILS.map(({ show }) => show(finding))]),
    ]),
    ...CAVEATS,
    "",
  ].join("\n");
}
