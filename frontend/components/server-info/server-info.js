// SPDX-License-Identifier: Apache-2.0
import { serverInfo } from "../../client/server-info.js";
import { Session } from "../../client/session.js";
import { element } from "../element.js";

/**
 * The server's version and ports, if it publishes them to this user. Dispatches `server`, which bubbles, with what is known as
 * its detail.
 */
export class ServerInfo extends HTMLElement {
  #session = new Session();
  #listeners = new AbortController();

  /** @param {Session} session whose user asks */
  set session(session) {
    this.#session = session;
    if (this.isConnected) this.connectedCallback();
  }

  connectedCallback() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    // After a reconnect it may be another server.
    document.addEventListener("recovered", () => this.#load(signal), { signal });
    this.#session.addEventListener("change", () => this.#load(signal), { signal });
    this.#load(signal);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {AbortSignal} signal */
  async #load(signal) {
    if (!this.#session.isKnown || this.#session.why("observe") !== "") return this.replaceChildren();
    const info = await serverInfo(this.#session.token(), signal);
    if (signal.aborted) return;
    this.dispatchEvent(new CustomEvent("server", { bubbles: true, detail: info }));
    const { version, java, transport, echo } = info;
    const tcp = [transport, echo && `port ${echo.port}`].filter(Boolean).join(", ");
    /** @type {[string, string | undefined][]} */
    const facts = [["Holdfast", version], ["Java", java], ["TCP", tcp]];
    const known = facts.filter(([, value]) => value);
    if (known.length > 0) this.replaceChildren(...known.map(([name, value]) => element("span", {}, `${name} ${value}`)));
  }
}
