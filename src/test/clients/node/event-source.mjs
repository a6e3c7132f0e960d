// SPDX-License-Identifier: Apache-2.0
/** Any EventSource: the service ends its stream after each message, and it resumes by itself. */
import { FetchRequests, Queue, channelUrl } from "./scenario.mjs";

const NAMES = ["welcome", "message", "gap", "goodbye"];

export class EventSourceClient extends FetchRequests {
  #events = new Queue();
  #ended;

  constructor(EventSource, fetch) {
    super(fetch);
    this.EventSource = EventSource;
  }

  /** Once; after that, the same one goes on. */
  async subscribe(position) {
    if (!position) {
      // The welcome and one message.
      this.source = new this.EventSource(`${channelUrl}?after=2&retry=500ms`);
      NAMES.forEach((name) => this.source.addEventListener(name, (event) => this.#received(name, event)));
      this.#ended = new Promise((resolve) => this.source.addEventListener("error", resolve, { once: true }));
    }
    return this;
  }

  #received(name, event) {
    const type = name === "welcome" ? "subscribed" : name;
    this.#events.push({ type, position: event.lastEventId, data: JSON.parse(event.data) });
  }

  next() {
    return this.#events.next();
  }

  /** The first time, the service ends the stream. */
  async close() {
    if (this.#ended) {
      await this.#ended;
      this.#ended = undefined;
    } else {
      this.source.close();
    }
  }
}
