// SPDX-License-Identifier: Apache-2.0
import { decode } from "../../client/report/link.js";
import { BadShape } from "../../client/report/shape.js";
import { element, say } from "../element.js";
import { ResultBar } from "../result-bar/result-bar.js";
import { ResultHistory } from "../result-history/result-history.js";

/**
 * @template Result
 * @typedef {object} Subject
 * @property {string} view its name in the address
 * @property {string} title
 * @property {string} intro
 * @property {import("../../client/report/shape.js").Shape<Result>} shape of results, to read those of links
 * @property {(result: Result) => string} asText
 * @property {(result: Result) => string} headline the result in one line
 * @property {(before: Result, after: Result) => import("../../client/report/changes.js").Change[]} changes
 */

/**
 * The common part of the measuring views: the form, the progress, and a result, measured here or read from a link.
 * Subclasses add their settings, their measurement and their result.
 * @template {import("../../client/report/circumstances.js").Circumstances} Result
 */
export class Measuring extends HTMLElement {
  /** Name of this view's connections in the server's list. */
  label = "";
  /** Gives the token for what needs one. @type {() => string | undefined} */
  token = () => undefined;
  #subject;
  #plan = element("form", { class: "plan" });
  #start = element("button", { type: "submit", class: "primary", "data-part": "start" }, "Measure");
  #stop = element("button", { type: "button", "data-part": "stop", disabled: true }, "Stop");
  #progress = element("progress", { max: 1, value: 0, "aria-label": "Progress" });
  #waiting = element("output", { "data-part": "waiting" });
  #running = element("div", { class: "running", hidden: true });
  #trouble = element("p", { class: "trouble", role: "alert", "data-part": "trouble" });
  #headline = element("p", { class: "headline", "data-part": "headline" });
  #bar;
  #history;
  #parts = element("div", { class: "result", "data-part": "result", hidden: true });
  #listeners = new AbortController();
  #run = new AbortController();
  /** @type {Result | undefined} */
  #own;

  /** @param {Subject<Result>} subject */
  constructor(subject) {
    super();
    this.#subject = subject;
    this.#bar = new ResultBar(subject.view, subject.asText, () => [this.#headline, ...this.pictured()]);
    this.#history = new ResultHistory(subject);
    this.#run.abort();
  }

  /**
   * @protected
   * @returns {HTMLElement[]} the form's controls
   */
  settings() {
    return [];
  }

  /**
   * @protected
   * @returns {HTMLElement[]} notes below the form's controls
   */
  notes() {
    return [];
  }

  /**
   * @protected
   * @returns {HTMLElement[]} elements beside the progress while it runs
   */
  live() {
    return [];
  }

  /**
   * @protected
   * @param {AbortSignal} _signal
   * @param {(text: string, share: number) => void} _tell shows the current step, and the share that is done
   * @returns {Promise<Result>}
   */
  measure(_signal, _tell) {
    throw new Error("a view says how to measure");
  }

  /**
   * @protected
   * @returns {HTMLElement[]} the elements of a result
   */
  parts() {
    return [];
  }

  /**
   * @protected
   * @returns {HTMLElement[]} those of its elements that a picture of it has
   */
  pictured() {
    return [];
  }

  /**
   * @protected
   * @param {Result} _result
   */
  render(_result) {
    throw new Error("a view says how to show a result");
  }

  /** @param {string} link what the address has behind the view's name: empty, or a result */
  show(link) {
    say(this.#trouble, "");
    if (link === "") {
      this.#show(this.#own, "here");
      return;
    }
    try {
      this.#show(decode(link, this.#subject.shape), "link");
    } catch (error) {
      if (!(error instanceof BadShape)) throw error;
      this.#show(undefined, "link");
      say(this.#trouble, `This link has no valid result: ${error.message}. Ask for a new link, or measure yourself.`);
    }
  }

  connectedCallback() {
    this.#build();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#plan.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#measure();
    }, { signal });
    this.#stop.addEventListener("click", () => this.#run.abort(), { signal });
    this.#history.addEventListener("pick", (event) => {
      const { result, name } = /** @type {CustomEvent} */ (event).detail;
      this.#leaveLink();
      this.#show(result, "history", name);
      this.#parts.scrollIntoView({ block: "start" });
    }, { signal });
    // A page that was left may stay in the browser's cache, and would keep its connections open.
    window.addEventListener("pagehide", () => this.#run.abort(), { signal });
  }

  disconnectedCallback() {
    this.#listeners.abort();
    this.#run.abort();
  }

  #build() {
    if (this.childElementCount > 0) return;
    const { title, intro } = this.#subject;
    const heading = element("h2", { id: `${this.id}-title` }, title);
    this.classList.add("measuring");
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", heading.id);
    this.#plan.append(...this.settings(), element("div", { class: "buttons" }, this.#start, this.#stop), ...this.notes());
    this.#running.append(this.#progress, this.#waiting, ...this.live());
    this.#parts.append(this.#headline, this.#bar, ...this.parts());
    this.append(element("header", {}, heading, element("p", {}, intro)), this.#plan, this.#running, this.#trouble, this.#parts, this.#history);
  }

  async #measure() {
    if (!this.#run.signal.aborted) return;
    this.#run = new AbortController();
    const { signal } = this.#run;
    this.#busy(true);
    say(this.#trouble, "");
    this.#parts.hidden = true;
    try {
      this.#own = await this.measure(signal, (text, share) => {
        say(this.#waiting, text);
        this.#progress.value = share;
      });
      this.#arrived(this.#own);
    } catch (error) {
      if (!signal.aborted) reportError(error);
      say(this.#trouble, signal.aborted ? "Stopped." : "Not measured: an error in the page.");
    } finally {
      this.#run.abort();
      this.#busy(false);
    }
  }

  /** @param {Result} result */
  #arrived(result) {
    this.#leaveLink();
    this.#show(result, "here");
    this.#history.add(result);
  }

  /** Removes a result from the address: it is not the one that is shown now. */
  #leaveLink() {
    const fragment = `#${this.#subject.view}`;
    if (location.hash.startsWith(`${fragment}=`)) history.replaceState(null, "", fragment);
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.dataset.busy = String(busy);
    const focused = document.activeElement;
    this.#start.disabled = busy;
    this.#stop.disabled = !busy;
    this.#running.hidden = !busy;
    // If the focused button is disabled, the focus would be lost: its counterpart takes it.
    if (focused === this.#start && busy) this.#stop.focus();
    if (focused === this.#stop && !busy) this.#start.focus();
  }

  /**
   * @param {Result | undefined} result
   * @param {import("../result-bar/result-bar.js").Source} source
   * @param {string} [name]
   */
  #show(result, source, name) {
    this.#parts.hidden = result === undefined;
    if (!result) return;
    say(this.#headline, this.#subject.headline(result));
    this.#bar.show(result, source, name);
    this.render(result);
  }
}
