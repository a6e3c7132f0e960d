import { ConnectionList } from "../../client/connection-list.js";
import { element, field, say, select } from "../element.js";
import { age, bytes, clock, count, milliseconds } from "../format.js";
import { VIEW_CHANGE } from "../view-nav/view-nav.js";

/** @typedef {import("../../client/connection-list.js").Row} Row */

/**
 * @typedef {object} Column
 * @property {string} key the server's name for it
 * @property {string} name
 * @property {boolean} [number] sorts the largest first, and stands right-aligned
 * @property {(row: Row) => string} show
 */

/** @type {readonly Column[]} the first one names the row */
const COLUMNS = [
  { key: "id", name: "Id", show: ({ id }) => id },
  { key: "transport", name: "Transport", show: ({ transport }) => transport },
  { key: "kind", name: "Kind", show: ({ kind }) => kind },
  { key: "remoteAddress", name: "Remote address", show: ({ remoteAddress }) => remoteAddress ?? "–" },
  { key: "ageSeconds", name: "Age", number: true, show: ({ ageSeconds }) => age(ageSeconds * 1000) },
  { key: "idleSeconds", name: "Idle", number: true, show: ({ idleSeconds }) => age(idleSeconds * 1000) },
  { key: "messagesIn", name: "Messages in", number: true, show: ({ messagesIn }) => count(messagesIn) },
  { key: "messagesOut", name: "Messages out", number: true, show: ({ messagesOut }) => count(messagesOut) },
  { key: "bytesIn", name: "Bytes in", number: true, show: ({ bytesIn }) => bytes(bytesIn) },
  { key: "bytesOut", name: "Bytes out", number: true, show: ({ bytesOut }) => bytes(bytesOut) },
  { key: "queuedBytes", name: "Queued", number: true, show: ({ queuedBytes }) => bytes(queuedBytes) },
  { key: "roundTripMillis", name: "Round trip", number: true, show: ({ roundTripMillis }) => milliseconds(roundTripMillis ?? undefined) },
];

/** The server's open connections. They are requested only while the table is visible. */
export class ConnectionTable extends HTMLElement {
  #list = new ConnectionList();
  #label = "";
  #transport = select({ "data-part": "transport" }, [
    ["", "All"],
    ["http", "HTTP"],
    ["websocket", "WebSocket"],
    ["tcp", "TCP"],
  ]);
  #count = element("span", { class: "connection-count", "data-part": "count" });
  #trouble = element("output", { class: "connection-trouble", "data-part": "trouble" });
  #details = element("details", { open: true });
  #headers = COLUMNS.map(header);
  #body = element("tbody", { "data-part": "rows" });
  #empty = element("p", { class: "no-connections", hidden: true }, "None open.");
  /** @type {Map<string, HTMLTableRowElement>} by what `key` says */
  #rows = new Map();
  #asOf = "";
  #listeners = new AbortController();

  /** @param {string} label what this page calls its own connections */
  set label(label) {
    this.#label = label;
  }

  connectedCallback() {
    this.#build();
    this.#listen();
    this.#attend();
  }

  disconnectedCallback() {
    this.#listeners.abort();
    this.#list.stop();
  }

  #build() {
    if (this.childElementCount > 0) return;
    const heading = element("h2", { id: `${this.id}-title` }, "Connections");
    const caption = element("caption", { id: `${this.id}-caption`, class: "unseen" }, "Open connections of this server");
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", heading.id);
    this.#details.append(
      element("summary", { "data-part": "summary" }, heading),
      element("p", { class: "connection-note" }, "All open connections of this server, as it counts them."),
      element("div", { class: "connection-bar" }, field("Transport", this.#transport), this.#count, this.#trouble),
      element(
        "div",
        { class: "table-box", tabindex: 0, role: "region", "aria-labelledby": caption.id, "data-part": "table" },
        element(
          "table",
          {},
          caption,
          element("colgroup", {}, ...COLUMNS.map(({ key }) => element("col", { "data-column": key }))),
          element("thead", {}, element("tr", {}, ...this.#headers)),
          this.#body,
        ),
        this.#empty,
      ),
    );
    this.append(this.#details);
    this.#showSort();
  }

  #listen() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#list.addEventListener("change", () => this.#show(), { signal });
    this.#details.addEventListener("toggle", () => this.#attend(), { signal });
    document.addEventListener("visibilitychange", () => this.#attend(), { signal });
    document.addEventListener(VIEW_CHANGE, () => this.#attend(), { signal });
    this.#transport.addEventListener("change", () => this.#ask({ transport: this.#transport.value }), { signal });
    this.#headers.forEach((cell, at) => {
      cell.firstElementChild?.addEventListener("click", () => this.#sort(COLUMNS[at]), { signal });
    });
  }

  /** A closed section, another view or a hidden page is not visible, so the server is not asked. */
  #attend() {
    if (this.#details.open && this.checkVisibility() && document.visibilityState === "visible") this.#list.start();
    else this.#list.stop();
  }

  /** @param {Partial<import("../../client/connection-list.js").Query>} change */
  #ask(change) {
    this.#list.query = { ...this.#list.query, ...change };
  }

  /** @param {Column} column sorted the other way round if it is sorted already */
  #sort({ key, number }) {
    const { sort } = this.#list.query;
    const first = number ? `-${key}` : key;
    const second = number ? key : `-${key}`;
    this.#ask({ sort: sort === first ? second : first });
    this.#showSort();
  }

  #showSort() {
    const { sort } = this.#list.query;
    const descending = sort.startsWith("-");
    this.#headers.forEach((cell, at) => {
      cell.ariaSort = COLUMNS[at].key !== (descending ? sort.slice(1) : sort) ? null : descending ? "descending" : "ascending";
    });
  }

  #show() {
    const { rows, total, trouble } = this.#list;
    if (trouble === "") this.#asOf = clock(new Date()).slice(0, 8);
    say(this.#count, total === undefined ? "" : total > rows.length ? `First ${rows.length} of ${count(total)}` : `${count(total)} open`);
    say(this.#trouble, trouble && `${trouble}.${rows.length > 0 ? ` As of ${this.#asOf}.` : ""} Trying again.`);
    this.#empty.hidden = total !== 0;
    this.#showRows(rows);
  }

  /**
   * Rows that stay are kept and moved only if they have to be, so that a selection in them survives.
   * @param {readonly Row[]} rows
   */
  #showRows(rows) {
    const old = this.#rows;
    this.#rows = new Map(rows.map((row) => [key(row), old.get(key(row)) ?? this.#row(row)]));
    old.forEach((line, name) => this.#rows.has(name) || line.remove());
    rows.forEach((row, at) => {
      const line = /** @type {HTMLTableRowElement} */ (this.#rows.get(key(row)));
      if (this.#body.children[at] !== line) this.#body.insertBefore(line, this.#body.children[at] ?? null);
      COLUMNS.slice(1).forEach(({ show }, cell) => say(line.cells[cell + 1], show(row)));
    });
  }

  /** @param {Row} row of which the id and the label, which never change, are shown */
  #row({ id, label }) {
    const own = this.#label !== "" && (label === this.#label || label?.startsWith(`${this.#label}.`));
    const name = element("th", { scope: "row" }, id);
    if (own) name.append(" ", element("span", { class: "own" }, "this page"));
    const line = element("tr", { "data-own": own ?? false });
    line.append(name, ...COLUMNS.slice(1).map(({ key, number }) => element("td", { "data-column": key, class: number && "number" })));
    return line;
  }
}

/**
 * Ids start anew with a server that is given its name; the label keeps a new connection from taking over the row and the mark of an old one.
 * @param {Row} row
 */
function key({ id, label }) {
  return `${id} ${label ?? ""}`;
}

/** @param {Column} column */
function header({ key, name, number }) {
  return element(
    "th",
    { scope: "col", class: number && "number" },
    element("button", { type: "button", class: "sort", "data-part": `sort-${key}` }, name),
  );
}
