// SPDX-License-Identifier: Apache-2.0
/** undici: fetch with JSON lines, its WebSocket, or its EventSource. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { EventSource, WebSocket, fetch, getGlobalDispatcher } from "undici";
import { EventSourceClient } from "./event-source.mjs";
import { FetchRequests, channelUrl, run, way } from "./scenario.mjs";
import { WebSocketClient } from "./web-socket.mjs";

class FetchClient extends FetchRequests {
  async subscribe(position) {
    const abort = new AbortController();
    const answer = await fetch(channelUrl + (position ? `?from=${position}` : ""), {
      headers: { Accept: "application/x-ndjson" },
      signal: abort.signal,
    });
    const lines = createInterface({ input: Readable.fromWeb(answer.body) })[Symbol.asyncIterator]();
    return {
      next: async () => JSON.parse((await lines.next()).value),
      publish: (data) => this.publish(data),
      close: async () => abort.abort(),
    };
  }
}

const clients = {
  fetch: () => new FetchClient(fetch),
  websocket: () => new WebSocketClient(WebSocket),
  eventsource: () => new EventSourceClient(EventSource, fetch),
};
await run(clients[way]());
// Otherwise its pool of connections would keep the process for seconds.
await getGlobalDispatcher().destroy();
