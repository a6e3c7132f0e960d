// SPDX-License-Identifier: Apache-2.0
import { BadShape } from "./shape.js";

/** Some programs truncate longer addresses. */
const LONGEST = 16_000;

/**
 * A result as text for an address' fragment: JSON in base64url.
 * @param {object} result
 * @returns {string}
 */
export function encode(result) {
  const bytes = new TextEncoder().encode(JSON.stringify(result));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @template Result
 * @param {string} text
 * @param {import("./shape.js").Shape<Result>} shape what it must be
 * @returns {Result}
 * @throws {BadShape} with the error as text
 */
export function decode(text, shape) {
  if (text.length > LONGEST) throw new BadShape(`it is longer than ${LONGEST} characters`);
  return shape(parse(text));
}

/** @param {string} text */
function parse(text) {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new BadShape("it is incomplete or was changed");
  }
}
