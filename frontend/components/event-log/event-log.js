// SPDX-License-Identifier: Apache-2.0
import { element, select } from "../element.js";
import { clock, visible } from "../format.js";
import { fileName, save } from "../measuring/save.js";

/** @typedef {import("../../client/journal.js").Journal} Journal */
/** @typedef {import("../../client/journal.js").Entry} Entry */

const ARROWS = { in: ["←", "received"], out: ["→", "sent"], event: ["•", "event"] };

/** Fractions of a pixel, or a last line that is half visible, still count as the end. */
const NEAR = 12;

/** Shows a journal, newest last, and follows it until its reader scrolls up. What a filter leaves can be saved. */
export class EventLog extends HTMLElement {
  /** @type {Journal | undefined} */
  #journal;
  #label = "Log";
  #text = element("input", { type: "search", "data-part": "filter", placeholder: "Filter", autocomplete: "off", spellcheck: "false" });
  #direction = select({ "data-part": "direction", "aria-label": "Entries to show" }, [
    ["", "All"],
    ["in", "Received"],
    ["out", "Sent"],
    ["event", "Events"],
  ]);
  #asText = element("button", { type: "button", class: "quiet", "data-part": "save-text" }, "Save text");
  #asJson = element("button", { type: "button", class: "quiet", "data-part": "save-json" }, "Save JSON");
  #clear = element("button", { type: "button", class: "quiet", "data-part": "clear" }, "Clear");
  #bar = element("div", { class: "log-tools", hidden: true }, this.#text, this.#direction, this.#asText, this.#asJson, this.#clear);
  #list = element("div", { class: "entries", role: "log", tabindex: 0, "data-part": "log" });
  #latest = element("button", { type: "button", class: "latest", hidden: true }, "↓ Latest");
  #listeners = new AbortController();
  /** @type {Entry | undefined} */
  #newest;
  #following = true;
  #frame = 0;

  /** @param {Journal} journal */
  set journal(journal) {
    this.#journal = journal;
    if (this.isConnected) this.#listen();
  }

  /** @param {string} label the log's name for assistive technology */
  set label(label) {
    this.#label = label;
  }

  connectedCallback() {
    // Reading every message aloud would hide everything else. The panel's state is announced instead.
    this.#list.ariaLive = "off";
    this.#list.ariaLabel = this.#label;
    this.#text.ariaLabel = `Filter of ${this.#label}`;
    this.replaceChildren(this.#bar, element("div", { class: "log-box" }, this.#list, this.#latest));
    this.#listen();
  }

  disconnectedCallback() {
    this.#listeners.abort();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #listen() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#journal?.addEventListener("change", () => this.#schedule(), { signal });
    this.#list.addEventListener("scroll", () => this.#scrolled(), { signal, passive: true });
    this.#latest.addEventListener("click", () => this.#follow(), { signal });
    this.#bar.addEventListener("input", () => {
      this.#list.replaceChildren();
      this.#newest = undefined;
      this.#following = true;
      this.#draw();
    }, { signal });
    this.#clear.addEventListener("click", () => this.#journal?.clear(), { signal });
    this.#asText.addEventListener("click", () => this.#save("txt", "text/plain", this.#chosen().map(asLine).join("")), { signal });
    this.#asJson.addEventListener("click", () => this.#save("json", "application/json", `${JSON.stringify(this.#chosen(), null, 2)}\n`), { signal });
    this.#schedule();
  }

  /** A stream may bring thousands of lines between two frames: only those that are left then are drawn. */
  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** The entries that the filter leaves. */
  #chosen() {
    const text = this.#text.value.toLowerCase();
    const direction = this.#direction.value;
    return (this.#journal?.entries ?? []).filter((entry) =>
      (direction === "" || entry.direction === direction) && `${entry.mark ?? ""} ${entry.text}`.toLowerCase().includes(text));
  }

  #draw() {
    const entries = this.#chosen();
    const seen = this.#newest?.number ?? 0;
    const fresh = entries.filter(({ number }) => number > seen);
    const keep = entries.length - fresh.length;
    while (this.#list.childElementCount > keep) this.#list.firstElementChild?.remove();
    this.#list.append(...fresh.map(line));
    this.#newest = fresh.at(-1) ?? this.#newest;
    this.#bar.hidden = (this.#journal?.entries.length ?? 0) === 0;
    this.#list.dataset.empty = this.#bar.hidden ? "Nothing yet." : "Nothing that the filter leaves.";
    if (this.#following) this.#list.scrollTop = this.#list.scrollHeight;
    this.#scrolled();
  }

  /**
   * @param {string} extension of the file
   * @param {string} type
   * @param {string} content
   */
  #save(extension, type, content) {
    save(new Blob([content], { type }), fileName(this.#label.toLowerCase().replaceAll(" ", "-"), Date.now(), extension));
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#latest.hidden = this.#following;
  }

  #follow() {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#list.focus();
  }
}

/** @param {Entry} entry */
function asLine({ time, direction, text, bytes, mark }) {
  return `${[time.toISOString(), direction, mark, visible(text), bytes && `[${bytes}]`].filter(Boolean).join(" ")}\n`;
}

/** @param {Entry} entry */
function line({ time, direction, text, bytes, mark }) {
  const [arrow, meaning] = ARROWS[direction];
  return element(
    "div",
    { class: "entry", "data-direction": direction, "data-mark": mark },
    element("time", { datetime: time.toISOString() }, clock(time)),
    element("span", { class: "arrow", role: "img", "aria-label": meaning }, arrow),
    element("span", { class: "entry-text" }, ...(mark ? [element("strong", { class: "mark" }, mark), " "] : []), visible(text)),
    ...(bytes ? [element("code", { class: "entry-bytes" }, bytes)] : []),
  );
}
