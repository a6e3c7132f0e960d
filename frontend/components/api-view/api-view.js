// SPDX-License-Identifier: Apache-2.0
import { loadDocuments } from "../../client/api/documents.js";
import { groups } from "../../client/api/operations.js";
import { serverInfo } from "../../client/server-info.js";
import { element, say } from "../element.js";
import { copy } from "../measuring/save.js";

/** @typedef {import("../../client/api/operations.js").Group} Group */
/** @typedef {import("../../client/api/operations.js").Operation} Operation */
/** @typedef {import("../../client/api/operations.js").Parameter} Parameter */
/** @typedef {import("../../client/api/operations.js").Example} Example */

/** Code, and links to the documents themselves. */
const MARKS = /`([^`]+)`|\[([^\]]+)\]\(((?:open|async)api\.json)\)/g;

/** Shows what the service does, as its documents tell it, with examples to copy. */
export class ApiView extends HTMLElement {
  /** Gives the token for what needs one. @type {() => string | undefined} */
  token = () => undefined;
  #trouble = element("p", { class: "trouble", role: "alert", "data-part": "trouble" });
  #groups = element("div", { class: "api-groups", "data-part": "groups" });
  #listeners = new AbortController();

  connectedCallback() {
    if (this.childElementCount === 0) {
      this.append(
        element(
          "header",
          {},
          element("h2", {}, "API"),
          element("p", {}, ...prose("What this service takes and answers, on each transport. Tools read the same from `/openapi.json` (OpenAPI 3.1) and `/asyncapi.json` (AsyncAPI 3.0): [OpenAPI](openapi.json), [AsyncAPI](asyncapi.json).")),
        ),
        this.#trouble,
        this.#groups,
      );
    }
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#groups.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) copyCommand(button);
    }, { signal });
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /**
   * Shows the operations, one of them opened.
   * @param {string} id of that one, or empty
   */
  async show(id) {
    if (this.#groups.childElementCount === 0) await this.#load();
    const wanted = [...this.querySelectorAll("details")].find((details) => details.id === `api-${id}`);
    if (!wanted) return;
    wanted.open = true;
    wanted.scrollIntoView();
    wanted.querySelector("summary")?.focus();
  }

  async #load() {
    const { signal } = this.#listeners;
    try {
      const [documents, { echo, lines }] = await Promise.all([loadDocuments(signal), serverInfo(this.token(), signal)]);
      const found = groups(documents, { echo, lines });
      say(this.#trouble, "");
      this.#groups.replaceChildren(...found.map(section));
    } catch (error) {
      if (signal.aborted) return;
      reportError(error);
      say(this.#trouble, "The documents of the API could not be loaded. Show this view again to try once more.");
    }
  }
}

/** @param {HTMLButtonElement} button beside the command, before the place for the outcome */
async function copyCommand(button) {
  const [command, , outcome] = button.parentElement?.children ?? [];
  say(outcome, await copy(command.textContent ?? "", command));
}

/** @param {Group} group */
function section({ title, description, operations }) {
  return element(
    "section",
    {},
    element("h3", {}, title),
    element("p", { class: "api-note" }, ...prose(description)),
    ...operations.map(details),
  );
}

/** @param {Operation} operation */
function details({ id, kind, target, summary, description, parameters, answers, examples }) {
  return element(
    "details",
    { id: `api-${id}`, class: "api-operation" },
    element(
      "summary",
      {},
      element("span", { class: "api-kind" }, kind),
      " ",
      element("code", {}, target),
      " ",
      element("span", { class: "api-summary" }, summary),
    ),
    ...description.split("\n\n").filter(Boolean).map((text) => element("p", {}, ...prose(text))),
    ...(parameters.length > 0 ? [part("Parameters", element("dl", { class: "api-parameters" }, ...parameters.map(parameter)))] : []),
    ...(answers.length > 0 ? [part("Answers", element("ul", { class: "api-answers" }, ...answers.map((text) => element("li", {}, ...prose(text)))))] : []),
    ...(examples.length > 0 ? [part("Examples", ...examples.map(example))] : []),
  );
}

/**
 * @param {string} title
 * @param {...HTMLElement} content
 */
function part(title, ...content) {
  return element("div", { class: "api-part" }, element("h4", {}, title), ...content);
}

/** @param {Parameter} parameter */
function parameter({ name, place, required, type, description }) {
  return element(
    "div",
    {},
    element("dt", {}, element("code", {}, name), ` ${place}${required ? ", required" : ""}`),
    element("dd", {}, element("span", { class: "api-type" }, type), ...(description ? [" – ", ...prose(description)] : [])),
  );
}

/** @param {Example} example */
function example({ name, command, answer }) {
  const shown = (/** @type {string} */ kind, /** @type {string} */ text) =>
    element("pre", { tabindex: 0, role: "group", "aria-label": `${kind} of the example ${name}` }, element("code", {}, text));
  return element(
    "div",
    { class: "api-example" },
    element("p", { class: "api-name" }, name),
    ...(command ? [element(
      "div",
      { class: "api-command" },
      shown("Command", command),
      element("button", { type: "button", "data-part": "copy", "aria-label": `Copy the command of the example ${name}` }, "Copy"),
      element("output", { "data-part": "copied" }),
    )] : []),
    shown(command ? "Answer" : "Message", answer),
  );
}

/**
 * Text with its code and links.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
function prose(text) {
  const parts = [];
  let end = 0;
  for (const { 0: mark, 1: code, 2: name, 3: document, index } of text.matchAll(MARKS)) {
    parts.push(text.slice(end, index), code ? element("code", {}, code) : element("a", { href: `/${document}` }, name));
    end = index + mark.length;
  }
  return [...parts, text.slice(end)];
}
