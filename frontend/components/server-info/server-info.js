import { serverInfo } from "../../client/server-info.js";
import { element } from "../element.js";

/** The server's version and ports, if it publishes them. */
export class ServerInfo extends HTMLElement {
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    // After a reconnect it may be another server.
    document.addEventListener("recovered", () => this.#load(signal), { signal });
    this.#load(signal);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {AbortSignal} signal */
  async #load(signal) {
    const { version, java, transport, port } = await serverInfo(signal);
    if (signal.aborted) return;
    const tcp = [transport, port && `port ${port}`].filter(Boolean).join(", ");
    /** @type {[string, string | undefined][]} */
    const facts = [["Holdfast", version], ["Java", java], ["TCP", tcp]];
    const known = facts.filter(([, value]) => value);
    if (known.length > 0) this.replaceChildren(...known.map(([name, value]) => element("span", {}, `${name} ${value}`)));
  }
}
