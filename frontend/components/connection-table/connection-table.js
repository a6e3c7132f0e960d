// SPDX-License-Identifier: Apache-2.0
import { closeAllOf, closeOne, ConnectionList } from "../../client/connection-list.js";
import { Session } from "../../client/session.js";
import { confirmed } from "../confirm/confirm.js";
import { element, field, say, select } from "../element.js";
import { age, bytes, clock, count, milliseconds } from "../format.js";
import { VIEW_CHANGE } from "../view-nav/view-nav.js";

/** @typedef {import("../../client/connection-list.js").Row & {leg?: import("../../client/connection-list.js").Row}} Row with the TCP side, if it is a bridge to TCP */

/**
 * @typedef {object} Column
 * @property {string} key the server's name for it
 * @property {string} name
 * @property {boolean} [number] sorts the largest first, and stands right-aligned
 * @property {(row: Row) => string} show
 */

/** The column of those whose tokens opened the connections. */
const SUBJECT = "subject";

/** @type {readonly Column[]} the first one names the row */
const COLUMNS = [
  { key: "id", name: "Id", show: ({ id }) => id },
  { key: "transport", name: "Transport", show: ({ transport, leg }) => both(transport, leg?.transport) },
  { key: "kind", name: "Kind", show: ({ kind, leg }) => both(kind, leg?.kind) },
  { key: "label", name: "Label", show: ({ label }) => label ?? "–" },
  { key: "protocol", name: "Protocol", show: ({ protocol }) => protocol ?? "" },
  { key: "tls", name: "TLS", show: ({ tls }) => (tls === true ? "yes" : tls === false ? "no" : "") },
  { key: "session", name: "Session", show: ({ session }) => (session ?? "") === "" ? "" : String(session) },
  { key: "remoteAddress", name: "Remote address", show: ({ remoteAddress }) => remoteAddress ?? "–" },
  { key: SUBJECT, name: "Subject", show: ({ subject }) => subject ?? "–" },
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
  #outcome = element("output", { class: "connection-outcome", "data-part": "outcome" });
  #denied = element("p", { class: "denial", "data-part": "observe-denied", hidden: true });
  #closeDenied = element("p", { class: "denial", "data-part": "close-denied", hidden: true });
  #order = select({ "data-part": "order" }, COLUMNS.map(({ key, name, number }) => [number ? `-${key}` : key, name]));
  #bar = element("div", { class: "connection-bar" }, field("Transport", this.#transport), field("Sort by", this.#order), this.#count, this.#trouble);
  #box = element("div", { class: "table-box", tabindex: 0, role: "region", "data-part": "table" });
  #details = element("details", { open: true });
  #headers = COLUMNS.map(header);
  #body = element("tbody", { role: "rowgroup", "data-part": "rows" });
  #empty = element("tfoot", { role: "rowgroup", hidden: true },
    element("tr", { role: "row" }, element("td", { role: "cell", colspan: COLUMNS.length }, element("p", { class: "no-connections" }, "None open."))));
  /** @type {Map<string, HTMLTableRowElement>} by what `key` says */
  #rows = new Map();
  #asOf = "";
  #session = new Session();
  #listeners = new AbortController();

  /** @param {string} label what this page calls its own connections */
  set label(label) {
    this.#label = label;
  }

  /** @param {Session} session whose user sees the table */
  set session(session) {
    this.#session = session;
    this.#list.token = session.token;
    if (this.isConnected) this.connectedCallback();
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
      element("p", { class: "connection-note" }, "All open connections of this server, as it counts them. A bridge is one line: the browser’s WebSocket and the TCP connection behind it."),
      this.#denied,
      this.#bar,
      this.#closeDenied,
      this.#outcome,
      this.#box,
    );
    this.#closeDenied.id = `${this.id}-close-denied`;
    this.#box.setAttribute("aria-labelledby", caption.id);
    this.#box.append(
      // The roles stay, if a narrow page shows rows as cards.
      element(
        "table",
        { role: "table" },
        caption,
        element("colgroup", {}, ...COLUMNS.map(({ key }) => element("col", { "data-column": key }))),
        element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...this.#headers)),
        this.#body,
        this.#empty,
      ),
    );
    this.append(this.#details);
    this.#showSort();
  }

  #listen() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#list.addEventListener("change", () => this.#show(), { signal });
    this.#session.addEventListener("change", () => {
      // What another user saw is gone.
      this.#list.stop();
      say(this.#count, "");
      this.#showRows([]);
      this.#attend();
    }, { signal });
    this.#body.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.subject !== undefined) this.#closeAll(button.dataset.subject, signal);
      if (button?.dataset.id !== undefined) this.#closeOne(button.dataset.id, signal);
    }, { signal });
    this.#details.addEventListener("toggle", () => this.#attend(), { signal });
    document.addEventListener("visibilitychange", () => this.#attend(), { signal });
    document.addEventListener(VIEW_CHANGE, () => this.#attend(), { signal });
    this.#transport.addEventListener("change", () => this.#ask({ transport: this.#transport.value }), { signal });
    this.#order.addEventListener("change", () => {
      this.#ask({ sort: this.#order.value });
      this.#showSort();
    }, { signal });
    this.#headers.forEach((cell, at) => {
      cell.firstElementChild?.addEventListener("click", () => this.#sort(COLUMNS[at]), { signal });
    });
  }

  /** A closed section, another view or a hidden page is not visible, so the server is not asked. */
  #attend() {
    const why = this.#session.why("observe");
    say(this.#denied, why && `${why}.`);
    this.#denied.hidden = why === "";
    this.#bar.hidden = this.#box.hidden = this.#outcome.hidden = why !== "";
    const visible = this.#details.open && this.checkVisibility() && document.visibilityState === "visible";
    if (visible && this.#session.isKnown && why === "") this.#list.start();
    else this.#list.stop();
  }

  /**
   * @param {string} subject
   * @param {AbortSignal} signal
   */
  async #closeAll(subject, signal) {
    say(this.#outcome, "");
    const question = `Close all connections of ‘${subject}’?`;
    const consequence = "They are closed on every node of the service, and their clients do not come back by themselves.";
    if (!await confirmed(question, consequence, "Close all", signal)) return;
    this.#tell(await closeAllOf(subject, this.#session.token(), signal), `The connections of ‘${subject}’ are closed.`, signal);
  }

  /**
   * @param {string} id
   * @param {AbortSignal} signal
   */
  async #closeOne(id, signal) {
    say(this.#outcome, "");
    if (!await confirmed(`Close the connection ${id}?`, "Its client learns that an operator closed it, and should not come back by itself.", "Close", signal)) return;
    this.#tell(await closeOne(id, this.#session.token(), signal), `The connection ${id} is closed.`, signal);
  }

  /**
   * @param {string} trouble empty if all went well
   * @param {string} success
   * @param {AbortSignal} signal
   */
  #tell(trouble, success, signal) {
    if (signal.aborted) return;
    say(this.#outcome, trouble ? `Not closed: ${trouble}.` : success);
    this.#outcome.dataset.outcome = trouble ? "bad" : "good";
    if (document.activeElement === document.body) this.#box.focus();
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
    this.#order.value = sort;
    this.#headers.forEach((cell, at) => {
      cell.ariaSort = COLUMNS[at].key !== (descending ? sort.slice(1) : sort) ? null : descending ? "descending" : "ascending";
    });
  }

  #show() {
    const { rows: listed, total, trouble } = this.#list;
    const rows = withLegs(listed);
    const bridges = listed.length - rows.length;
    if (trouble === "") this.#asOf = clock(new Date()).slice(0, 8);
    say(this.#count, total === undefined ? "" : total > listed.length ? `First ${listed.length} of ${count(total)}` : `${count(total)} open${bridges > 0 ? `, ${count(bridges)} of them behind a bridge` : ""}`);
    say(this.#trouble, trouble && `${trouble}.${rows.length > 0 ? ` As of ${this.#asOf}.` : ""} Trying again.`);
    this.#empty.hidden = total !== 0;
    this.#showRows(rows);
  }

  /**
   * Rows that stay are kept and moved only if they have to be, so that a selection in them survives.
   * @param {readonly Row[]} rows
   */
  #showRows(rows) {
    if (rows.some(({ protocol }) => protocol)) this.#box.dataset.protocols = "";
    this.#box.toggleAttribute("data-closing", this.#session.isKnown && this.#session.why("operate") === "");
    this.dispatchEvent(new CustomEvent("rows", { bubbles: true, detail: rows }));
    const why = rows.some(({ subject }) => subject) ? this.#session.why("operate") : "";
    say(this.#closeDenied, why && `Close all: ${why}.`);
    this.#closeDenied.hidden = why === "";
    const old = this.#rows;
    this.#rows = new Map(rows.map((row) => [key(row), old.get(key(row)) ?? this.#row(row)]));
    old.forEach((line, name) => this.#rows.has(name) || line.remove());
    rows.forEach((row, at) => {
      const line = /** @type {HTMLTableRowElement} */ (this.#rows.get(key(row)));
      if (this.#body.children[at] !== line) this.#body.insertBefore(line, this.#body.children[at] ?? null);
      COLUMNS.slice(1).forEach(({ key, show }, cell) => {
        if (key === SUBJECT) this.#showSubject(line.cells[cell + 1], row, why);
        else say(line.cells[cell + 1], show(row));
      });
    });
  }

  /**
   * @param {HTMLTableCellElement} cell
   * @param {Row} row
   * @param {string} why its connections may not be closed; empty if they may
   */
  #showSubject(cell, { subject }, why) {
    const [name, button] = cell.children;
    if (!(button instanceof HTMLButtonElement)) return;
    say(name, subject ?? "–");
    button.hidden = !subject;
    button.disabled = why !== "";
    button.dataset.subject = subject ?? "";
    button.ariaLabel = `Close all connections of ${subject}`;
    if (why === "") button.removeAttribute("aria-describedby");
    else button.setAttribute("aria-describedby", this.#closeDenied.id);
  }

  /** @param {Row} row of which the id and the label, which never change, are shown */
  #row({ id, label }) {
    const own = this.#label !== "" && (label === this.#label || label?.startsWith(`${this.#label}.`));
    const name = element("th", { scope: "row", role: "rowheader" }, id);
    if (own) name.append(" ", element("span", { class: "own" }, "this page"));
    name.append(" ", element("button", { type: "button", class: "close-all", "data-part": "close", "data-id": id, "aria-label": `Close ${id}` }, "Close"));
    const line = element("tr", { role: "row", "data-own": own ?? false });
    line.append(
      name,
      ...COLUMNS.slice(1).map(({ key, name, number }) => element("td", { role: "cell", "data-column": key, "data-name": name, class: number && "number" })),
    );
    line.querySelector(`[data-column="${SUBJECT}"]`)?.append(
      element("span", {}),
      element("button", { type: "button", class: "close-all", "data-part": "close-all" }, "Close all"),
    );
    return line;
  }
}

/**
 * Puts the TCP side of a bridge, whose label is the id of the WebSocket, into the row of that WebSocket.
 * @param {readonly Row[]} rows
 * @returns {Row[]}
 */
function withLegs(rows) {
  const legs = new Map(rows.filter(({ transport }) => transport === "tcp").map((row) => [row.label, row]));
  const ids = new Set(rows.map(({ id }) => id));
  return rows
    .filter(({ transport, label }) => !(transport === "tcp" && label && ids.has(label)))
    .map((row) => ({ ...row, leg: legs.get(row.id) }));
}

/**
 * @param {string} one
 * @param {string} [other]
 */
function both(one, other) {
  return other === undefined ? one : `${one} → ${other}`;
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
    { scope: "col", role: "columnheader", "data-column": key, class: number && "number" },
    element("button", { type: "button", class: "sort", "data-part": `sort-${key}` }, name),
  );
}
