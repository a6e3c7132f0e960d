import { inWords } from "../../client/report/circumstances.js";
import { encode } from "../../client/report/link.js";
import { element, say } from "../element.js";

/** @typedef {import("../../client/report/circumstances.js").Circumstances} Circumstances */

/** Shown above a result: where it was measured, and buttons to share it. */
export class ResultBar extends HTMLElement {
  #view;
  #asText;
  /** @type {Circumstances | undefined} */
  #result;
  #origin = element("p", { "data-part": "origin" });
  #copyText = element("button", { type: "button", "data-part": "copy-text" }, "Copy as text");
  #copyLink = element("button", { type: "button", "data-part": "copy-link" }, "Copy link");
  #copied = element("output", { "data-part": "copied" });
  #byHand = element("textarea", { "data-part": "by-hand", readonly: true, rows: 6, hidden: true, "aria-label": "Text to copy" });
  #listeners = new AbortController();

  /**
   * @param {string} view name of the view that shows such results
   * @param {(result: any) => string} asText
   */
  constructor(view, asText) {
    super();
    this.#view = view;
    this.#asText = asText;
  }

  /**
   * @param {Circumstances} result
   * @param {boolean} foreign whether it came by a link
   */
  show(result, foreign) {
    this.#result = result;
    this.dataset.foreign = String(foreign);
    say(this.#origin, foreign
      ? `From a link, not measured here: a measurement of ${inWords(result)}.`
      : `Measured at ${inWords(result)}.`);
    say(this.#copied, "");
    this.#byHand.hidden = true;
  }

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    if (this.childElementCount === 0) {
      this.append(this.#origin, element("div", { class: "copying" }, this.#copied, this.#copyText, this.#copyLink), this.#byHand);
    }
    this.#copyText.addEventListener("click", () => this.#copy(this.#asText(this.#result), "Text"), { signal });
    this.#copyLink.addEventListener("click", () => this.#copy(this.#link(), "Link"), { signal });
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  #link() {
    const link = new URL(location.href);
    link.hash = `${this.#view}=${encode(this.#result ?? {})}`;
    return link.href;
  }

  /**
   * @param {string} text
   * @param {string} name
   */
  async #copy(text, name) {
    this.#byHand.value = text;
    try {
      // Pages without TLS, but for those of this machine, have no clipboard.
      await navigator.clipboard.writeText(text);
      say(this.#copied, `${name} copied`);
      this.#byHand.hidden = true;
    } catch {
      say(this.#copied, "This browser does not allow the page to copy. Copy the text yourself:");
      this.#byHand.hidden = false;
      this.#byHand.select();
    }
  }
}
