// SPDX-License-Identifier: Apache-2.0
import {
  publish,
  Refusal,
  subscribe,
  type Gap,
  type Message,
  type Options,
  type Published,
  type State,
  type Subscription,
  type TokenOption,
} from "holdfast-client";

const token: TokenOption = async () => "a token";
const options: Options = {
  url: new URL("https://holdfast.example.org/"),
  channel: "news",
  from: "earliest",
  mode: "latest",
  transports: ["websocket", "ndjson"],
  token,
  WebSocket,
  onMessage: ({ position, data, event, time, resumed }: Message) => {
    const text: string = position;
    const late: boolean = resumed;
    console.log(text, late, data, event?.length, time?.getTime());
  },
  onGap: ({ after, missed }: Gap) => console.log(after?.length, missed?.toFixed()),
  onState: (state: State) => {
    if (state.name === "failed") console.log(state.reason.length, state.transport);
    // @ts-expect-error -- only some states have a reason
    console.log(state.reason.length);
  },
};
const subscription: Subscription = subscribe(options);
const published: Published = await subscription.publish({ price: 7 }, { event: "price", key: "k" });
console.log(published.position.length, subscription.position?.length);

try {
  await publish({ channel: "news", data: 1, signal: AbortSignal.timeout(1000) });
} catch (error) {
  if (error instanceof Refusal) console.log(error.message);
}
subscription.close();

// @ts-expect-error -- a channel is needed
subscribe({});
// @ts-expect-error -- data is needed
await publish({ channel: "news" });
// @ts-expect-error -- there is no such transport
subscribe({ channel: "news", transports: ["tcp"] });
// @ts-expect-error -- there is no such mode
subscribe({ channel: "news", mode: "newest" });
// @ts-expect-error -- it cannot be set
subscription.position = "a:1";
