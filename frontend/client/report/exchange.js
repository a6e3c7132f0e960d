// SPDX-License-Identifier: Apache-2.0
import { BadShape, list, number, object, oneOf, text } from "./shape.js";
import { MOST } from "./history.js";

const FORMAT = "holdfast-results";
const VERSION = 1;

/** Bytes of a file: more than as many results as are kept have. */
const LARGEST = 5_000_000;

export const LONGEST_NAME = 60;

/**
 * Results as a file: one object with a version.
 * @param {string} view that they are of
 * @param {readonly {name: string, result: object}[]} results
 * @returns {Blob}
 */
export function exported(view, results) {
  const file = { format: FORMAT, version: VERSION, view, results: results.map(({ name, result }) => ({ name, result })) };
  return new Blob([`${JSON.stringify(file, null, 1)}\n`], { type: "application/json" });
}

/**
 * @template Result
 * @param {Blob} file
 * @param {string} view
 * @param {import("./shape.js").Shape<Result>} shape
 * @returns {Promise<{name: string, result: Result}[]>}
 * @throws {BadShape} with the error as text
 */
export async function imported(file, view, shape) {
  if (file.size > LARGEST) throw new BadShape(`it has ${file.size} bytes; at most ${LARGEST} are read`);
  const content = parsed(await file.text());
  object({ format: oneOf([FORMAT]), version: number(VERSION, VERSION), view: oneOf([view]) })(content);
  return object({ results: list(object({ name: text(LONGEST_NAME), result: shape }), MOST) })(content).results;
}

/** @param {string} json */
function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    throw new BadShape("it is not JSON");
  }
}
