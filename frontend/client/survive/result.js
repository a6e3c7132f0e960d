// SPDX-License-Identifier: Apache-2.0
import { CIRCUMSTANCES } from "../report/circumstances.js";
import { list, number, object, oneOf, optional, text, yesOrNo } from "../report/shape.js";
import { CULPRITS, OUTCOMES, TRANSPORTS } from "./trial.js";

const LONGEST = 7 * 86_400_000;
const MOST_TRIALS = 150;

/** Characters of an intermediary's name. */
export const LONGEST_NAME = 80;

const time = number(0, LONGEST);

/**
 * @typedef {import("../report/circumstances.js").Circumstances & {
 *   transports: import("./trial.js").Transport[],
 *   buffering: import("./buffering.js").Arrival[],
 *   findings: import("./trial.js").Finding[],
 *   between?: string,
 * }} Survival `between`: the name of an intermediary, if one sends it
 */

/** @type {import("../report/shape.js").Shape<Survival>} */
export const survivalShape = object({
  ...CIRCUMSTANCES,
  transports: list(oneOf(TRANSPORTS), TRANSPORTS.length),
  buffering: list(
    object({ transport: oneOf(/** @type {const} */ (["http", "sse"])), ticks: time, lumped: time, held: time }),
    TRANSPORTS.length,
  ),
  findings: list(
    object({
      transport: oneOf(TRANSPORTS),
      silence: time,
      heartbeat: optional(time),
      opened: time,
      silentFrom: time,
      ended: time,
      outcome: oneOf(OUTCOMES),
      how: text(200),
      by: optional(oneOf(CULPRITS)),
      certain: optional(yesOrNo),
      noticed: optional(yesOrNo),
    }),
    MOST_TRIALS,
  ),
  between: optional(text(LONGEST_NAME)),
});
