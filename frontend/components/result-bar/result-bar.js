// SPDX-License-Identifier: Apache-2.0
import { inWords } from "../../client/report/circumstances.js";
import { exported } from "../../client/report/exchange.js";
import { encode } from "../../client/report/link.js";
import { element, say } from "../element.js";
import { fileName, save } from "../measuring/save.js";
import { picture } from "./picture.js";

/** @typedef {import("../../client/report/circumstances.js").Circumstances} Circumstances */

/** Where a result that is shown comes from. @typedef {"here" | "link" | "history"} Source */

/** Shown below a result's first line: where it was measured, and buttons to share it. */
export class ResultBar extends HTMLElement {
  #view;
  #asText;
  #parts;
  /** @type {Circumstances | undefined} */
  #result;
  #origin = element("p", { "data-part": "origin" });
  #copyText = button("copy-text", "Copy as text");
  #copyLink = button("copy-link", "Copy link");
  #saveJson = button("save-json", "Save as JSON");
  #savePng = button("save-png", "Save as PNG");
  #done = element("output", { "data-part": "copied" });
  #byHand = element("textarea", { "data-part": "by-hand", readonly: true, rows: 6, hidden: true, "aria-label": "Text to copy" });
  #listeners = new AbortController();

  /**
   * @param {string} view name of the view that shows such results
   * @param {(result: any) => string} asText
   * @param {() => HTMLElement[]} parts of the page that show the result, for a picture
   */
  constructor(view, asText, parts) {
    super();
    this.#view = view;
    this.#asText = asText;
    this.#parts = parts;
  }

  /**
   * @param {Circumstances} result
   * @param {Source} source
   * @param {string} [name] in the history
   */
  show(result, source, name) {
    this.#result = result;
    this.dataset.source = source;
    const where = inWords(result);
    say(this.#origin, {
      here: `Measured at ${where}.`,
      link: `From a link, not measured here: a measurement of ${where}.`,
      history: `From the history${name ? `, “${name}”` : ""}: measured at ${where}.`,
    }[source]);
    say(this.#done, "");
    this.#byHand.hidden = true;
  }

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    if (this.childElementCount === 0) {
      const buttons = element("div", { class: "copying" }, this.#copyText, this.#copyLink, this.#savePng, this.#saveJson, this.#done);
      this.append(this.#origin, buttons, this.#byHand);
    }
    this.#copyText.addEventListener("click", () => this.#copy(this.#asText(this.#result), "Text"), { signal });
    this.#copyLink.addEventListener("click", () => this.#copy(this.#link(), "Link"), { signal });
    this.#saveJson.addEventListener("click", () => this.#save("json", async (result) => exported(this.#view, [{ name: "", result }])), { signal });
    this.#savePng.addEventListener("click", () => this.#save("png", () => picture([this.#origin, ...this.#parts()])), { signal });
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
   * @param {string} kind
   * @param {(result: Circumstances) => Promise<Blob>} content
   */
  async #save(kind, content) {
    if (!this.#result) return;
    save(await content(this.#result), fileName(this.#view, this.#result.at, kind));
    say(this.#done, `${kind.toUpperCase()} saved`);
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
      say(this.#done, `${name} copied`);
      this.#byHand.hidden = true;
    } catch {
      say(this.#done, "This browser does not allow the page to copy. Copy the text yourself:");
      this.#byHand.hidden = false;
      this.#byHand.select();
    }
  }
}

/**
 * @param {string} part
 * @param {string} text
 */
function button(part, text) {
  return element("button", { type: "button", "data-part": part }, text);
}
