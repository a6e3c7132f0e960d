// SPDX-License-Identifier: Apache-2.0
import { day } from "../../client/report/circumstances.js";
import { inWords } from "../../client/report/changes.js";
import { exported, imported, LONGEST_NAME } from "../../client/report/exchange.js";
import { History, MOST } from "../../client/report/history.js";
import { BadShape } from "../../client/report/shape.js";
import { confirmed } from "../confirm/confirm.js";
import { element, say } from "../element.js";
import { fileName, save } from "../measuring/save.js";
import { resultTable } from "../measuring/table.js";

/** @typedef {import("../../client/report/circumstances.js").Circumstances} Circumstances */

/**
 * The results that this browser keeps: to name, show, delete, compare and export. Dispatches `pick` with the entry that is to
 * be shown.
 * @template {Circumstances} Result
 */
export class ResultHistory extends HTMLElement {
  #subject;
  /** @type {History<Result>} */
  #history;
  /** @type {import("../../client/report/history.js").Entry<Result>[]} */
  #entries = [];
  /** Ids of those to compare, in the order of their choice. @type {number[]} */
  #chosen = [];
  #count = element("p", { class: "history-note", "data-part": "history-count" });
  #list = element("ul", { class: "history-list", "data-part": "history" });
  #compare = element("button", { type: "button", "data-part": "compare", disabled: true }, "Compare the two chosen");
  #export = element("button", { type: "button", "data-part": "export" }, "Export as JSON");
  #file = element("input", { type: "file", accept: ".json,application/json", "data-part": "file", hidden: true });
  #import = element("button", { type: "button", "data-part": "import" }, "Import…");
  #clear = element("button", { type: "button", "data-part": "clear" }, "Delete all…");
  #said = element("output", { "data-part": "history-said" });
  #changes = element("section", { class: "changes", "data-part": "changes", hidden: true, tabindex: -1 });
  #listeners = new AbortController();

  /** @param {import("../measuring/measuring.js").Subject<Result>} subject */
  constructor(subject) {
    super();
    this.#subject = subject;
    this.#history = new History(subject.view, subject.shape);
  }

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    if (this.childElementCount === 0) {
      this.append(
        element("h3", {}, "History"),
        this.#count,
        this.#list,
        element("div", { class: "history-buttons" }, this.#compare, this.#export, this.#import, this.#clear, this.#file, this.#said),
        this.#changes,
      );
    }
    this.#compare.addEventListener("click", () => this.#showChanges(), { signal });
    this.#export.addEventListener("click", () => this.#save(), { signal });
    this.#import.addEventListener("click", () => this.#file.click(), { signal });
    this.#file.addEventListener("change", () => this.#read(), { signal });
    this.#clear.addEventListener("click", () => this.#deleteAll(), { signal });
    this.refresh();
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /**
   * Keeps a result.
   * @param {Result} result
   */
  add(result) {
    return this.#change(() => this.#history.add(result));
  }

  refresh() {
    return this.#change(async () => {});
  }

  /** @param {() => Promise<void>} act */
  async #change(act) {
    try {
      await act();
      this.#entries = await this.#history.all();
      this.#draw();
    } catch (error) {
      say(this.#count, `This browser does not keep results: ${error instanceof DOMException ? error.name : "no storage"}. Save them as JSON.`);
    }
  }

  #draw() {
    const { length } = this.#entries;
    say(this.#count, length === 0
      ? "No results yet. Each measurement is kept in this browser, and nowhere else."
      : `${length} of at most ${MOST} results, kept in this browser, and nowhere else. The oldest is deleted first. Choose two to compare them, as before and after a change of a proxy.`);
    this.#chosen = this.#chosen.filter((id) => this.#entries.some((entry) => entry.id === id));
    this.#list.hidden = length === 0;
    this.#list.replaceChildren(...this.#entries.map((entry) => this.#item(entry)));
    this.#export.disabled = this.#clear.disabled = length === 0;
    this.#choose();
  }

  /** @param {import("../../client/report/history.js").Entry<Result>} entry */
  #item(entry) {
    const { id, name, result } = entry;
    const when = day(new Date(result.at));
    const title = name || when;
    const box = element("input", { type: "checkbox", "data-part": "choose", checked: this.#chosen.includes(id), "aria-label": `Compare ${title}` });
    const field = element("input", { value: name, maxlength: LONGEST_NAME, placeholder: "Name", "data-part": "name", "aria-label": `Name of the result of ${when}`, autocomplete: "off" });
    const show = element("button", { type: "button", "data-part": "show", "aria-label": `Show ${title}` }, "Show");
    const remove = element("button", { type: "button", "data-part": "delete", "aria-label": `Delete ${title}` }, "Delete");
    box.addEventListener("change", () => {
      this.#chosen = box.checked ? [...this.#chosen, id].slice(-2) : this.#chosen.filter((other) => other !== id);
      this.#choose();
    });
    field.addEventListener("change", () => this.#change(() => this.#history.rename(entry, field.value.trim())));
    show.addEventListener("click", () => this.dispatchEvent(new CustomEvent("pick", { detail: entry })));
    remove.addEventListener("click", () => this.#change(() => this.#history.remove(id)));
    return element(
      "li",
      { "data-id": id },
      element("label", { class: "check" }, box, element("span", {}, when)),
      field,
      element("p", {}, this.#subject.headline(result)),
      element("div", { class: "history-buttons" }, show, remove),
    );
  }

  #choose() {
    this.#list.querySelectorAll("li").forEach((item) => {
      const box = item.querySelector("input");
      if (box) box.checked = this.#chosen.includes(Number(item.dataset.id));
    });
    this.#compare.disabled = this.#chosen.length !== 2;
    if (this.#chosen.length !== 2) this.#changes.hidden = true;
  }

  /** The older one is before. */
  #showChanges() {
    const [before, after] = this.#entries
      .filter(({ id }) => this.#chosen.includes(id))
      .sort((a, b) => a.result.at - b.result.at);
    const changes = this.#subject.changes(before.result, after.result);
    const changed = changes.filter(({ change }) => change !== undefined).length;
    const of = (/** @type {typeof before} */ { name, result }) => `${name ? `“${name}”, ` : ""}${day(new Date(result.at))}`;
    this.#changes.replaceChildren(
      element("h3", {}, "Before and after"),
      element("p", {}, `Before: ${of(before)}. After: ${of(after)}.`),
      element("p", {}, changed === 0 ? "Nothing changed." : `${changed} of ${changes.length} values changed.`),
      element("div", { class: "result-table" }, resultTable(
        "Changes",
        "Value",
        ["Before", "After", "Change"].map((name) => ({ name })),
        changes.map((change) => ({
          name: change.name,
          cells: [change.before, change.after, inWords(change)],
          attributes: { "data-changed": String(change.change !== undefined) },
        })),
      )),
    );
    this.#changes.hidden = false;
    this.#changes.focus();
    this.#changes.scrollIntoView({ block: "nearest" });
  }

  #save() {
    save(exported(this.#subject.view, this.#entries), fileName(`${this.#subject.view}-history`, Date.now(), "json"));
    say(this.#said, `${this.#entries.length} exported`);
  }

  async #read() {
    const [file] = this.#file.files ?? [];
    if (!file) return;
    this.#file.value = "";
    try {
      const results = await imported(file, this.#subject.view, this.#subject.shape);
      await this.#change(async () => {
        for (const { name, result } of results.reverse()) await this.#history.add(result, name);
      });
      say(this.#said, `${results.length} imported`);
    } catch (error) {
      if (!(error instanceof BadShape)) throw error;
      say(this.#said, `“${file.name}” has no results of this view: ${error.message}. Choose a file that “Export as JSON” made here.`);
    }
  }

  async #deleteAll() {
    const sure = await confirmed("Delete all results of this view?", "They cannot be restored. Export them before if you need them.", "Delete", this.#listeners.signal);
    if (!sure) return;
    await this.#change(async () => {
      for (const { id } of this.#entries) await this.#history.remove(id);
    });
  }
}
