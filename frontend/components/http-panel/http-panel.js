// SPDX-License-Identifier: Apache-2.0
import { curl, streamCode } from "../../client/commands.js";
import { HttpStream } from "../../client/http-stream.js";
import { nextHop } from "../../client/next-hop.js";
import { carrier, ConnectionPanel } from "../connection-panel/connection-panel.js";
import { element, field, select } from "../element.js";

/** A number with a unit; empty is the service's default. */
const INTERVAL = /^(0|\d+(ms|s|m|h|d))?$/;

export class HttpPanel extends ConnectionPanel {
  #stream;
  #reader = select({ "data-part": "reader" }, [
    ["eventsource", "EventSource"],
    ["fetch-text", "fetch: text/plain"],
    ["fetch-ndjson", "fetch: NDJSON"],
    ["fetch-sse", "fetch: SSE"],
  ]);
  #interval = element("input", { "data-part": "interval", value: "1s", autocomplete: "off", spellcheck: "false" });
  #message = element("input", { "data-part": "message", value: "hello world", autocomplete: "off", spellcheck: "false" });

  constructor() {
    const stream = new HttpStream();
    super(stream, {
      title: "HTTP",
      endpoint: "GET /stream · POST /echo",
      summary: "A response that never ends. Sending is a separate request, whether the stream is open or not.",
      unit: "Messages",
      row: "http stream",
    });
    this.#stream = stream;
  }

  /**
   * The browser has all requests to this origin on the same protocol.
   * @protected
   */
  get carrier() {
    return carrier(nextHop(), location.protocol === "https:");
  }

  /** @protected */
  settings() {
    return [field("Reader", this.#reader), field("Interval", this.#interval), field("Message", this.#message)];
  }

  /**
   * The service would refuse a bad interval, and an EventSource would not say why.
   * @protected
   */
  configure() {
    const interval = this.#interval.value.trim();
    const valid = INTERVAL.test(interval);
    this.#interval.ariaInvalid = valid ? null : "true";
    if (!valid) return `The interval ‘${interval}’ is not a time. Valid: 0, or 1ms to 24h, as 500ms.`;
    this.#stream.options = {
      reader: /** @type {import("../../client/http-stream.js").Reader} */ (this.#reader.value),
      interval,
      message: this.#message.value,
    };
    return "";
  }

  /** @protected */
  copyables() {
    const stream = this.#stream;
    return [
      { name: "curl", text: () => curl(stream.address, stream.accept) },
      { name: "JavaScript", text: () => streamCode(stream.address, stream.accept) },
    ];
  }

  /**
   * @protected
   * @param {string} text
   */
  send(text) {
    this.#stream.send(text);
  }
}
