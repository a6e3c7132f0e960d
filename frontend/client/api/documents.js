// SPDX-License-Identifier: Apache-2.0
/**
 * The two documents of the service's API.
 * @typedef {object} Documents
 * @property {any} openapi
 * @property {any} asyncapi
 */

/**
 * @param {AbortSignal} signal
 * @returns {Promise<Documents>}
 */
export async function loadDocuments(signal) {
  const [openapi, asyncapi] = await Promise.all(["/openapi.json", "/asyncapi.json"].map(async (path) => {
    const response = await fetch(path, { signal });
    if (!response.ok) throw new Error(`${path}: status ${response.status}`);
    return response.json();
  }));
  return { openapi, asyncapi };
}

/**
 * What a reference leads to. References to another document stay as they are.
 * @param {any} document
 * @param {any} node
 * @returns {any}
 */
export function resolve(document, node) {
  let found = node;
  while (found?.$ref?.startsWith("#/")) {
    found = found.$ref.slice(2).split("/").reduce(
      (/** @type {any} */ at, /** @type {string} */ key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")],
      document,
    );
  }
  return found;
}

/**
 * A schema in a few words, as `integer, 1 to 1000`.
 * @param {any} document
 * @param {any} schema
 * @returns {string}
 */
export function inWords(document, schema) {
  if (schema?.$ref) return schema.$ref.split("/").pop();
  const { type, const: only, enum: values, oneOf, minimum, maximum, items } = resolve(document, schema) ?? {};
  if (only !== undefined) return JSON.stringify(only);
  if (values) return values.map((/** @type {unknown} */ value) => JSON.stringify(value)).join(", ");
  if (oneOf) return oneOf.map((/** @type {any} */ one) => inWords(document, one)).join(", or ");
  if (items) return `list of ${inWords(document, items)}`;
  const from = minimum === undefined ? "" : maximum === undefined ? `, from ${minimum}` : `, ${minimum} to ${maximum}`;
  return [type].flat().filter(Boolean).join(" or ") + from || "any JSON";
}
