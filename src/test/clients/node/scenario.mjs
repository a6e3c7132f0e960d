// SPDX-License-Identifier: Apache-2.0
/**
 * What every client in Node does. A client has echo(text) and subscribe(position), which gives a subscription with
 * next(), publish(data) and close().
 */
import { on } from "node:events";
import { createInterface } from "node:readline";

export const [way, http, , , channel] = process.argv.slice(2);
export const service = `127.0.0.1:${http}`;
export const channelUrl = `http://${service}/channels/${channel}`;

const input = createInterface({ input: process.stdin });
const lines = on(input, "line");
const seen = new Set();
let position;

/** Prints an event, and keeps what the scenario has to know of it. */
export function show(event) {
  console.log(JSON.stringify(event));
  seen.add(event.type);
  if (event.type === "message") {
    position = event.position;
    if (event.data.last) {
      seen.add("last");
    }
  }
}

async function readUntil(subscription, ...types) {
  while (!types.every((type) => seen.has(type))) {
    show(await subscription.next());
  }
}

async function readLine() {
  const { value } = await lines.next();
  return value[0];
}

export async function run(client) {
  show({ type: "echoed", data: await client.echo(await readLine()) });

  const data = JSON.parse(await readLine());
  let subscription = await client.subscribe();
  await readUntil(subscription, "subscribed");
  await subscription.publish(data);
  await readUntil(subscription, "published", "message");
  await subscription.close();
  show({ type: "left" });

  await readLine();
  subscription = await client.subscribe(position);
  await readUntil(subscription, "last");
  await subscription.close();
  input.close();
}

/** What arrives before, or after, it is asked for. */
export class Queue {
  #items = [];
  #wake = () => {};

  push(item) {
    this.#items.push(item);
    this.#wake();
  }

  async next() {
    while (this.#items.length === 0) {
      await new Promise((resolve) => (this.#wake = resolve));
    }
    return this.#items.shift();
  }
}

/** Echo and publish by a client's fetch. */
export class FetchRequests {
  constructor(fetch) {
    this.fetch = fetch;
  }

  async echo(text) {
    const answer = await this.fetch(`http://${service}/echo`, { method: "POST", body: text });
    return answer.text();
  }

  async publish(data) {
    const answer = await this.fetch(channelUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(data),
    });
    show({ type: "published", ...(await answer.json()) });
  }
}
