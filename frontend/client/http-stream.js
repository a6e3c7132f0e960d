import { Conversation } from "./conversation.js";
import { broken, goodbye, problem, refused } from "./endings.js";
import { eventItem, FORMATS } from "./formats.js";
import { lines } from "./lines.js";

/** @typedef {import("./reconnecting.js").Wire} Wire */
/** @typedef {"eventsource" | "fetch-text" | "fetch-ndjson" | "fetch-sse"} Reader */

/** @type {Readonly<Record<Exclude<Reader, "eventsource">, import("./formats.js").Format>>} */
const FETCHED = { "fetch-text": FORMATS.text, "fetch-ndjson": FORMATS.ndjson, "fetch-sse": FORMATS.sse };

const HIDDEN = "Refused or unreachable (EventSource can't tell)";
const ECHO_TIMEOUT = 10_000;

/** `GET /stream`, kept open, beside single `POST /echo` requests, which need no open stream. */
export class HttpStream extends Conversation {
  /** Takes effect when the stream is opened next. */
  options = { reader: /** @type {Reader} */ ("eventsource"), interval: "1s", message: "hello world" };
  #encoder = new TextEncoder();

  get canSend() {
    return true;
  }

  /** @param {string} text */
  async send(text) {
    const body = this.#encoder.encode(text);
    this.sent(`POST /echo  ${text}`, body.length);
    const since = performance.now();
    try {
      const response = await fetch("/echo", {
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
      this.cameBack(since);
      this.received(`${response.status}  ${new TextDecoder().decode(echo)}`, echo.byteLength);
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      this.journal.add("event", `POST /echo: ${late ? "no answer within 10 s" : "unreachable"}`);
    }
  }

  /**
   * @protected
   * @param {Wire} wire
   */
  dial(wire) {
    const { reader, interval, message } = this.options;
    const parameters = new URLSearchParams();
    if (interval !== "") parameters.set("interval", interval);
    if (message !== "") parameters.set("message", message);
    if (this.label !== "") parameters.set("label", this.label);
    const url = `/stream?${parameters}`;
    if (reader === "eventsource") this.#listen(url, wire);
    else this.#fetch(url, FETCHED[reader], wire);
  }

  /**
   * @param {string} url
   * @param {Wire} wire
   */
  #listen(url, wire) {
    const { signal } = wire;
    const source = new EventSource(url);
    let opened = false;
    signal.addEventListener("abort", () => source.close(), { once: true });
    source.addEventListener("open", () => {
      opened = true;
      wire.opened();
    }, { signal });
    // EventSource would reconnect by itself, at its own intervals. Closing it keeps one schedule for all transports.
    source.addEventListener("error", () => wire.lost(broken(opened, HIDDEN)), { signal });
    /** @param {MessageEvent<string>} event */
    const take = ({ type, data }) => {
      this.receivedBytes(this.#encoder.encode(data).length);
      this.#take(eventItem(type, data), wire);
    };
    source.addEventListener("message", take, { signal });
    source.addEventListener("goodbye", take, { signal });
  }

  /**
   * @param {string} url
   * @param {import("./formats.js").Format} format
   * @param {Wire} wire
   */
  async #fetch(url, { accept, parser }, wire) {
    let opened = false;
    try {
      const response = await fetch(url, { headers: { Accept: accept }, cache: "no-store", signal: wire.signal });
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
      wire.lost({ reason: "The server ended the stream", retry: true });
    } catch {
      wire.lost(broken(opened, "Unreachable"));
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
