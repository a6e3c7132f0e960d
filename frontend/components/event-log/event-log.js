import { element } from "../element.js";
import { clock, visible } from "../format.js";

/** @typedef {import("../../client/journal.js").Journal} Journal */
/** @typedef {import("../../client/journal.js").Entry} Entry */

const ARROWS = { in: ["←", "received"], out: ["→", "sent"], event: ["•", "event"] };

/** Fractions of a pixel, or a last line that is half visible, still count as the end. */
const NEAR = 12;

/** Shows a journal, newest last, and follows it until its reader scrolls up. */
export class EventLog extends HTMLElement {
  /** @type {Journal | undefined} */
  #journal;
  #label = "Log";
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
    this.replaceChildren(this.#list, this.#latest);
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
    this.#schedule();
  }

  /** A stream may bring thousands of lines between two frames: only those that are left then are drawn. */
  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const entries = this.#journal?.entries ?? [];
    const seen = this.#newest?.number ?? 0;
    const fresh = entries.filter(({ number }) => number > seen);
    const keep = entries.length - fresh.length;
    while (this.#list.childElementCount > keep) this.#list.firstElementChild?.remove();
    this.#list.append(...fresh.map(line));
    this.#newest = fresh.at(-1) ?? this.#newest;
    if (this.#following) this.#list.scrollTop = this.#list.scrollHeight;
    this.#scrolled();
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
