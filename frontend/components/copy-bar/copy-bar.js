// SPDX-License-Identifier: Apache-2.0
import { element, say } from "../element.js";
import { copy } from "../measuring/save.js";

/**
 * Something that can be copied. Its text is made when it is copied; empty if it is not available.
 * @typedef {object} Copyable
 * @property {string} name as `curl`
 * @property {() => string} text
 * @property {string} [missing] why it may not be available, a sentence
 */

/** Buttons that copy what a panel does, as a command or as code. The text is shown, too. */
export class CopyBar extends HTMLElement {
  #copyables;
  #outcome = element("output", { "data-part": "copied" });
  #text = element("pre", { "data-part": "copied-text", hidden: true });
  #listeners = new AbortController();

  /** @param {Copyable[]} copyables */
  constructor(copyables) {
    super();
    this.#copyables = copyables;
  }

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const buttons = this.#copyables.map((copyable) => {
      const { name } = copyable;
      const button = element("button", { type: "button", class: "quiet", "data-part": `copy-${name.toLowerCase().replace(/\W+/g, "-")}`, "aria-label": `Copy as ${name}` }, name);
      button.addEventListener("click", () => this.#copy(copyable), { signal });
      return button;
    });
    this.setAttribute("role", "group");
    this.ariaLabel = "Copy";
    this.replaceChildren(element("span", { class: "bar-name" }, "Copy as"), ...buttons, this.#outcome, this.#text);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {Copyable} copyable */
  async #copy({ name, text, missing = "" }) {
    const made = text();
    say(this.#text, made);
    this.#text.hidden = made === "";
    say(this.#outcome, missing);
    if (made !== "") say(this.#outcome, `${name}: ${await copy(made, this.#text)}`);
  }
}
