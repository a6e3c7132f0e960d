// SPDX-License-Identifier: Apache-2.0
import { element } from "../element.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {Record<string, string>} [attributes] of its cells
 */

/**
 * A table whose rows are cards on narrow pages: each cell has its column's name for that. The roles stay when it is not
 * laid out as a table.
 * @param {string} caption
 * @param {string} first name of the column of names
 * @param {readonly Column[]} columns
 * @param {readonly {name: string, cells: readonly string[], attributes?: Record<string, string>}[]} rows
 */
export function resultTable(caption, first, columns, rows) {
  const heads = [{ name: first, attributes: {} }, ...columns].map(({ name, attributes }) =>
    element("th", { scope: "col", role: "columnheader", ...attributes }, name));
  return element(
    "table",
    { role: "table", class: "cards" },
    element("caption", { class: "unseen" }, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads)),
    element("tbody", { role: "rowgroup" }, ...rows.map(({ name, cells, attributes }) => element(
      "tr",
      { role: "row", ...attributes },
      element("th", { scope: "row", role: "rowheader" }, name),
      ...cells.map((cell, at) =>
        element("td", { role: "cell", "data-label": columns[at].name, ...columns[at].attributes }, element("span", {}, cell))),
    ))),
  );
}
