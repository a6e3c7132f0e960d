// SPDX-License-Identifier: Apache-2.0
import { FAULTS } from "../../client/faults.js";
import { Session } from "../../client/session.js";
import { element, say } from "../element.js";

/** @typedef {import("../../client/conversation.js").Conversation} Conversation */

/** Buttons that make a connection fail, and what the client saw of it. */
export class FaultBar extends HTMLElement {
  #conversation;
  #session = new Session();
  /** @type {HTMLButtonElement[]} */
  #buttons;
  #denied = element("p", { class: "denial", "data-part": "fault-denied", hidden: true });
  #meaning = element("p", { class: "fault-meaning" });
  #steps = element("ol", { class: "fault-steps", "aria-live": "polite", "data-part": "fault-steps" });
  #listeners = new AbortController();

  /** @param {Conversation} conversation */
  constructor(conversation) {
    super();
    this.#conversation = conversation;
    this.#buttons = Object.entries(FAULTS).map(([part, fault]) => {
      const { code = "" } = conversation.parameters(fault);
      return element("button", { type: "button", "data-part": `fault-${part}`, title: fault.meaning }, `${fault.name} ${code}`.trimEnd());
    });
  }

  /** @param {Session} session whose user asks for faults */
  set session(session) {
    this.#session = session;
    this.#conversation.token = session.token;
    if (this.isConnected) this.connectedCallback();
  }

  connectedCallback() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    if (this.childElementCount === 0) {
      this.setAttribute("role", "group");
      this.ariaLabel = "Faults";
      this.append(element("div", { class: "faults" }, element("span", { class: "bar-name" }, "Break it"), ...this.#buttons, this.#denied), this.#meaning, this.#steps);
    }
    Object.values(FAULTS).forEach((fault, at) => {
      this.#buttons[at].addEventListener("click", () => {
        this.#steps.replaceChildren();
        this.#conversation.tryFault(fault);
      }, { signal });
    });
    this.#session.addEventListener("change", () => this.#permit(), { signal });
    this.#permit();
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** Shows what came since the last call. */
  show() {
    const { run } = this.#conversation;
    if (!run) return;
    const { fault, steps, isOver } = run;
    say(this.#meaning, `${fault.name}: ${fault.meaning} ${isOver ? "It is over." : "The next connection has no fault."}`);
    this.dataset.over = String(isOver);
    for (const { after, text } of steps.slice(this.#steps.childElementCount)) {
      this.#steps.append(element("li", {}, element("span", { class: "step-time" }, `${(after / 1000).toFixed(2)} s`), " ", text));
    }
  }

  /** A fault that holds resources of the service needs a role. */
  #permit() {
    const why = this.#session.why("test");
    say(this.#denied, why && `Stall: ${why}.`);
    this.#denied.hidden = why === "";
    this.#denied.id ||= `${this.parentElement?.id}-fault-denied`;
    Object.values(FAULTS).forEach(({ restricted }, at) => {
      if (!restricted) return;
      this.#buttons[at].disabled = why !== "";
      if (why === "") this.#buttons[at].removeAttribute("aria-describedby");
      else this.#buttons[at].setAttribute("aria-describedby", this.#denied.id);
    });
  }
}
