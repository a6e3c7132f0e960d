// SPDX-License-Identifier: Apache-2.0
import { element } from "../element.js";

/**
 * Lets the browser save a file. Its address is valid only for this page, and only until it was taken.
 * @param {Blob} file
 * @param {string} name
 */
export function save(file, name) {
  const href = URL.createObjectURL(file);
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), AFTERMATH);
}

const AFTERMATH = 60_000;

/**
 * @param {string} view
 * @param {number} at milliseconds since 1970
 * @param {string} kind
 */
export function fileName(view, at, kind) {
  return `holdfast-${view}-${new Date(at).toISOString().slice(0, 19).replaceAll(":", "")}.${kind}`;
}

/**
 * @param {string} text
 * @param {Node} shown where the text stands, to be selected if the page may not copy
 * @returns {Promise<string>} what was done
 */
export async function copy(text, shown) {
  try {
    // Pages without TLS, but for those of this machine, have no clipboard.
    await navigator.clipboard.writeText(text);
    return "copied";
  } catch {
    getSelection()?.selectAllChildren(shown);
    return "This browser does not allow the page to copy. The text is selected: copy it yourself.";
  }
}
