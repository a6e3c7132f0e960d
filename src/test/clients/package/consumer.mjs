// SPDX-License-Identifier: Apache-2.0
/**
 * Uses the package as a program of Node does: prints what comes as events, one a line, and publishes the lines that it reads.
 * After a message with `last` it closes the subscription, and has to end by itself.
 */
import { createInterface } from "node:readline";
import { publish, Refusal, subscribe, Subscription } from "holdfast-client";

const [way, http, , , channel, ws] = process.argv.slice(2);
const url = `http://127.0.0.1:${http}`;

const options = {
  default: {},
  ws: { WebSocket: ws && (await import(ws)).WebSocket },
  sse: { transports: ["sse"] },
  poll: { transports: ["poll"] },
};

const show = (event) => console.log(JSON.stringify(event));
const input = createInterface({ input: process.stdin });

const subscription = subscribe({
  url,
  channel,
  ...options[way],
  onMessage: ({ position, data }) => {
    show({ type: "message", position, data });
    if (data.last) {
      subscription.close();
      input.close();
    }
  },
  onGap: (gap) => show({ type: "gap", ...gap }),
  onState: (state) => show({ type: state.name, ...state }),
});

input.on("line", async (line) => {
  const { position, over } = await subscription.publish(JSON.parse(line));
  show({ type: "published", position, over });
});

for (const wrong of [{ channel }, { url: "localhost:8080", channel }, { url, channel, transports: ["tcp"] }]) {
  try {
    subscribe(wrong);
  } catch ({ name, message }) {
    show({ type: "wrong", name, message });
  }
}
await publish({ url, channel: "b@d", data: 1 }).catch((refusal) =>
  show({ type: "refused", isRefusal: refusal instanceof Refusal, message: refusal.message }));
show({ type: "checked", isSubscription: subscription instanceof Subscription, hasWebSocket: "WebSocket" in globalThis });
