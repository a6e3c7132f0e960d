// SPDX-License-Identifier: Apache-2.0
import { bearer } from "./bearer.js";
import { Conversation, QUIET } from "./conversation.js";
import { broken, goodbye, problem, refused } from "./endings.js";
import { eventItem, FORMATS } from "./formats.js";
import { lines } from "./lines.js";

/** @typedef {import("./reconnecting.js").Wire} Wire */
/** @typedef {"eventsource" | "fetch-text" | "fetch-ndjson" | "fetch-sse"} Reader */

/** @type {Readonly<Record<Exclude<Reader, "eventsource">, import("./formats.js").Format>>} */
const FETCHED = { "fetch-text": FORMATS.text, "fetch-ndjson": FORMATS.ndjson, "fetch-sse": FORMATS.sse };

/** Longer than any silence that is waited for. */
const NEVER = "1h";

const ECHO_TIMEOUT = 10_000;

/** `GET /stream`, kept open, beside single `POST /echo` requests, which need no open stream. */
export class HttpStream extends Conversation {
  /** Takes effect when the stream is opened next. */
  options = { reader: /** @type {Reader} */ ("eventsource"), interval: "1s", message: "hello world" };
  #encoder = new TextEncoder();

  get canSend() {
    return true;
  }

  get address() {
    const { reader, interval, message } = this.options;
    const parameters = new URLSearchParams();
    if (interval !== "") parameters.set("interval", interval);
    if (message !== "") parameters.set("message", message);
    // A page cannot see the comments that are the usual heartbeats.
    if (this.checks && reader === "eventsource") parameters.set("heartbeat", "ping");
    if (this.checks) parameters.set(reader === "eventsource" ? "heartbeat-interval" : "heartbeat", QUIET);
    return `/stream?${parameters}`;
  }

  /** @returns {string} the media type that the reader asks for */
  get accept() {
    const { reader } = this.options;
    return reader === "eventsource" ? FORMATS.sse.accept : FETCHED[reader].accept;
  }

  /**
   * @param {string} text
   * @param {string} [path] with the parameters of a fault
   */
  async send(text, path = "/echo") {
    const body = this.#encoder.encode(text);
    this.sent(`POST ${path}  ${text}`, body.length);
    const since = performance.now();
    try {
      const response = await fetch(path, {
        method: "POST",
        body,
        headers: { "Content-Type": "text/plain;charset=UTF-8" },
        signal: AbortSignal.timeout(ECHO_TIMEOUT),
      });
      if (!response.ok) {
        this.journal.add("event", `POST /echo: ${response.status} ${await problem(response)}`);
        return;
      }
      const echo = await response.arrayBuffer();
      this.received(`${response.status}  ${new TextDecoder().decode(echo)}`, echo.byteLength);
      this.cameBack(since);
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      this.journal.add("event", `POST /echo: ${late ? "no answer within 10 s" : "unreachable"}`);
    }
  }

  /**
   * A stream cannot be asked. A delay is shown by a request that has it, too.
   * @protected
   * @param {string} text
   */
  check(text) {
    const { delay } = this.fault?.parameters ?? {};
    if (delay === undefined) return false;
    this.send(text, `/echo?delay=${delay}`);
    return true;
  }

  /**
   * @param {import("./faults.js").Fault} fault
   * @returns {Readonly<Record<string, string>>}
   */
  parameters({ parameters }) {
    return parameters.heartbeat === "none" ? { ...parameters, interval: NEVER, "heartbeat-interval": "" } : parameters;
  }

  /**
   * @protected
   * @param {string} address
   * @param {Wire} wire
   * @param {string | undefined} token
   */
  dial(address, wire, token) {
    const { reader } = this.options;
    const url = this.label === "" ? address : `${address}&label=${this.label}`;
    if (reader === "eventsource") this.#listen(url, wire, token);
    else this.#fetch(url, FETCHED[reader], wire, token);
  }

  /**
   * @param {string} url
   * @param {Wire} wire
   * @param {string | undefined} token
   */
  async #listen(url, wire, token) {
    const { signal } = wire;
    const ticket = token === undefined ? "" : await ticketOf(token, signal);
    if (signal.aborted) return;
    const source = new EventSource(ticket === "" ? url : `${url}&ticket=${ticket}`);
    let opened = false;
    signal.addEventListener("abort", () => source.close(), { once: true });
    source.addEventListener("open", () => {
      opened = true;
      wire.opened();
    }, { signal });
    // EventSource would reconnect by itself, at its own intervals. Closing it keeps one schedule for all transports.
    source.addEventListener("error", () => {
      source.close();
      wire.lost(broken(opened));
    }, { signal });
    /** @param {MessageEvent<string>} event */
    const take = ({ type, data }) => {
      this.receivedBytes(this.#encoder.encode(data).length);
      this.#take(eventItem(type, data), wire);
    };
    source.addEventListener("message", take, { signal });
    source.addEventListener("goodbye", take, { signal });
    source.addEventListener("ping", ({ data }) => this.receivedBytes(this.#encoder.encode(data).length), { signal });
  }

  /**
   * @param {string} url
   * @param {import("./formats.js").Format} format
   * @param {Wire} wire
   * @param {string | undefined} token
   */
  async #fetch(url, { accept, parser }, wire, token) {
    let opened = false;
    try {
      const response = await fetch(url, { headers: { Accept: accept, ...bearer(token) }, cache: "no-store", signal: wire.signal });
      const type = response.headers.get("Content-Type");
      if (!response.ok || !response.body) return wire.lost(await refused(response));
      if (!type?.startsWith(accept)) return wire.lost({ reason: `Asked for ${accept}, got ${type}`, retry: false });
      wire.opened();
      opened = true;
      const parse = parser();
      for await (const line of lines(response.body, (size) => this.receivedBytes(size))) {
        if (wire.signal.aborted) return;
        const item = parse(line);
        if (item) this.#take(item, wire);
      }
      wire.lost({ reason: "The server ended the stream", retry: true, by: "service" });
    } catch {
      wire.lost(broken(opened));
    }
  }

  /**
   * @param {import("./formats.js").Item} item its bytes were counted as they arrived
   * @param {Wire} wire
   */
  #take(item, wire) {
    if ("goodbye" in item) wire.lost(goodbye(item.goodbye));
    else this.received(item.text, 0);
  }
}

/**
 * EventSource cannot send a token, but an address may have a ticket, which stands for it in one request.
 * @param {string} token
 * @param {AbortSignal} signal
 * @returns {Promise<string>} empty if there is none
 */
async function ticketOf(token, signal) {
  try {
    const response = await fetch("/tickets", { method: "POST", headers: bearer(token), signal });
    return response.ok ? String((await response.json()).ticket) : "";
  } catch {
    return "";
  }
}
