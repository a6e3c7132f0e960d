// SPDX-License-Identifier: Apache-2.0
/**
 * Publishes to a channel, or subscribes to it and resumes after each disconnect. Needs the package holdfast-client, which
 * does all of that by itself.
 *
 *     node example.mjs subscribe http://localhost:8080 news [position]
 *     node example.mjs publish http://localhost:8080 news '{"price":7}'
 */
import { publish, subscribe } from "holdfast-client";

const [command, url, channel, argument] = process.argv.slice(2);

if (command === "publish") {
  const { position } = await publish({ url, channel, data: JSON.parse(argument) });
  console.log(position);
} else {
  const subscription = subscribe({
    url,
    channel,
    from: argument,
    onMessage: ({ position, data }) => console.log(position, JSON.stringify(data)),
    onGap: () => console.error("Messages were lost"),
    onState: ({ name, reason }) => {
      // An operator closed the connection, or the service refused the request: it does not try again.
      if (name === "failed" || name === "denied") {
        console.error(reason);
        process.exitCode = 1;
        subscription.close();
      }
    },
  });
}
