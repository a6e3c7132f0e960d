import { inWords } from "../report/circumstances.js";
import { textTable } from "../report/text-table.js";
import { spoken } from "./durations.js";
import { silenceOf, NAMES } from "./trial.js";
import { rows, verdict } from "./verdict.js";

/** @typedef {import("./result.js").Survival} Survival */
/** @typedef {import("./trial.js").Finding} Finding */
/** @typedef {import("./verdict.js").Row} Row */

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
    meaning: "The shortest silence that ended it; within a tenth of the one before, if the limit was narrowed down.",
    show: ({ limit: { died } }) => (died === undefined ? "–" : spoken(died)),
  },
  {
    name: "How",
    meaning: "What the browser saw of the end. “The next message” means that nothing told of it before.",
    show: ({ limit: { ending }, refusal }) => refusal?.how ?? ending?.how ?? "–",
  },
  {
    name: "By whom",
    meaning: "The service always gives a close code or a goodbye. An end without one comes from something in between, or from the network.",
    show: ({ limit: { ending } }) => (ending ? (ending.by === "service" ? "the service" : "something between") : "–"),
  },
  {
    name: "Service noticed",
    meaning: "Whether the service knew of the end by the time that it was asked for its open connections.",
    show: ({ limit: { ending } }) => (ending?.noticed === undefined ? "–" : ending.noticed ? "yes" : "no"),
  },
  {
    name: "Heartbeat to set",
    meaning: "Half of what survives, so that one sign of life may be late or lost.",
    show: ({ heartbeat }) => (heartbeat === undefined ? "any" : spoken(heartbeat)),
  },
  {
    name: "Tried",
    meaning: "Whether a connection with that heartbeat outlived more than twice the limit.",
    show: ({ proof }) => (proof === undefined ? "–" : proof.outcome === "survived" ? `lived ${spoken(proof.silence)}` : "did not live"),
  },
];

/** What has to be known to read the result right. */
export const CAVEATS = [
  "It holds for the way from this browser to the address of this page. Another network, above all a mobile one, may have other limits.",
  "During a silence really nothing is sent: the service is told to give no signs of life, and browsers have none of their own.",
  "Browsers give pages in the background less time: keep this one in front. At most four HTTP and SSE silences run at a time, as browsers open six connections to a host over HTTP/1.1.",
  "TCP is beyond a browser’s reach, its /tcp bridge included. From the command line: java -jar holdfast.jar survive.",
];

/** @type {readonly {name: string, show: (finding: Finding) => string}[]} of the table of all connections */
export const DETAILS = [
  { name: "Silence", show: ({ silence }) => spoken(silence) },
  { name: "Heartbeat", show: ({ heartbeat }) => (heartbeat === undefined ? "none" : spoken(heartbeat)) },
  { name: "Outcome", show: ({ outcome }) => outcome },
  { name: "After", show: (finding) => (finding.outcome === "refused" ? "–" : spoken(silenceOf(finding))) },
  { name: "How", show: ({ how }) => how },
];

/** @param {Survival} survival */
export function asText(survival) {
  return [
    "Holdfast, survive: how long connections may be silent",
    inWords(survival),
    "",
    ...verdict(survival),
    "",
    textTable([
      ["", ...COLUMNS.map(({ name }) => name)],
      ...rows(survival).map((row) => [NAMES[row.transport], ...COLUMNS.map(({ show }) => show(row))]),
    ]),
    textTable([
      ["All connections", ...DETAILS.map(({ name }) => name)],
      ...survival.findings.map((finding) => [NAMES[finding.transport], ...DETAILS.map(({ show }) => show(finding))]),
    ]),
    ...CAVEATS,
    "",
  ].join("\n");
}
