// SPDX-License-Identifier: Apache-2.0
import { Session } from "../../client/session.js";
import { element, field, say } from "../element.js";

/** @typedef {import("../../client/identity.js").Identity} Identity */

/** @type {Readonly<Record<Identity["kind"], string>>} */
const KINDS = {
  token: "by token",
  key: "by API key",
  certificate: "by client certificate",
  local: "on the same machine as the service",
  anonymous: "",
};

/** @type {[import("../../client/identity.js").List, string][]} */
const RIGHTS = [["subscribe", "Subscribe to"], ["publish", "Publish to"], ["role", "Roles"]];

/** Shows who the user is and what it may do, and asks for a token. The token never reaches an address or a storage. */
export class SignIn extends HTMLElement {
  #session = new Session();
  #who = element("output", { "data-part": "who" });
  #values = RIGHTS.map(([list]) => element("dd", { "data-part": list }));
  #rights = element("details", { "data-part": "rights", hidden: true });
  #trouble = element("p", { class: "sign-in-trouble", "data-part": "trouble", hidden: true });
  #open = element("button", { type: "button", class: "quiet", "data-part": "open" }, "Sign in…");
  #leave = element("button", { type: "button", class: "quiet", "data-part": "sign-out", hidden: true }, "Sign out");
  #token = element("input", {
    "data-part": "token",
    type: "password",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    required: true,
    "aria-describedby": "sign-in-note sign-in-problem",
  });
  #problem = element("p", { id: "sign-in-problem", role: "alert", "data-part": "problem" });
  #submit = element("button", { type: "submit", class: "primary", "data-part": "sign-in" }, "Sign in");
  #cancel = element("button", { type: "button", "data-part": "cancel" }, "Cancel");
  #form = element("form", { method: "dialog" });
  #dialog = element("dialog", { "aria-labelledby": "sign-in-title", "data-part": "dialog" }, this.#form);
  #listeners = new AbortController();

  /** @param {Session} session */
  set session(session) {
    this.#session = session;
    if (this.isConnected) this.connectedCallback();
  }

  connectedCallback() {
    this.#build();
    this.#listen();
    this.#show();
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  #build() {
    if (this.childElementCount > 0) return;
    this.setAttribute("role", "group");
    this.ariaLabel = "Access";
    this.#rights.append(
      element("summary", {}, "Permissions"),
      element("dl", {}, ...RIGHTS.map(([, name], at) => element("div", {}, element("dt", {}, name), this.#values[at]))),
    );
    this.#form.append(
      element("h2", { id: "sign-in-title" }, "Sign in with a token"),
      element("p", { id: "sign-in-note" }, "A JSON Web Token or an API key of this service. Only the memory of this page keeps it, until you sign out, reload or leave."),
      field("Token", this.#token),
      this.#problem,
      element("div", { class: "buttons" }, this.#cancel, this.#submit),
    );
    this.append(this.#who, this.#rights, this.#open, this.#leave, this.#trouble, this.#dialog);
  }

  #listen() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#session.addEventListener("change", () => this.#show(), { signal });
    this.#open.addEventListener("click", () => this.#ask(), { signal });
    this.#leave.addEventListener("click", () => {
      this.#session.signOut();
      this.#open.focus();
    }, { signal });
    this.#cancel.addEventListener("click", () => this.#dialog.close(), { signal });
    this.#dialog.addEventListener("close", () => {
      this.#token.value = "";
    }, { signal });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#signIn();
    }, { signal });
    // Another server may answer now, or the same one with other settings.
    document.addEventListener("recovered", () => {
      if (!this.#session.isSignedIn) this.#session.load();
    }, { signal });
  }

  #ask() {
    say(this.#problem, "");
    this.#token.ariaInvalid = null;
    this.#dialog.showModal();
    this.#token.focus();
  }

  async #signIn() {
    this.#submit.disabled = true;
    say(this.#problem, "");
    const trouble = await this.#session.signIn(this.#token.value.trim());
    this.#submit.disabled = false;
    if (!this.#dialog.open) return;
    if (trouble === "") {
      this.#dialog.close();
      return;
    }
    say(this.#problem, `Not signed in. ${trouble}.`);
    this.#token.ariaInvalid = "true";
    this.#token.focus();
  }

  #show() {
    const { identity, isSignedIn, isKnown, trouble } = this.#session;
    say(this.#who, isKnown ? this.#whoText(identity) : "");
    this.#rights.hidden = !identity;
    RIGHTS.forEach(([list], at) => say(this.#values[at], identity?.permissions[list].join(", ") || "nothing"));
    say(this.#open, isSignedIn ? "Use another token…" : "Sign in…");
    this.#open.hidden = isKnown && !identity && trouble === "";
    this.#leave.hidden = !isSignedIn;
    say(this.#trouble, trouble && `${trouble}.`);
    this.#trouble.hidden = trouble === "";
  }

  /** @param {Identity | undefined} identity */
  #whoText(identity) {
    if (!identity) return "";
    const { subject, kind, expires } = identity;
    if (kind === "anonymous") return "Not signed in";
    if (kind === "local") return `Not signed in; ${KINDS.local}`;
    const end = expires ? `, ${this.#session.isExpired ? "expired" : "until"} ${moment(expires)}` : "";
    return `Signed in as ${subject} ${KINDS[kind] ?? kind}${end}`;
  }
}

/** @param {Date} time */
function moment(time) {
  const today = time.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat("en-GB", { dateStyle: today ? undefined : "medium", timeStyle: "medium" }).format(time);
}
