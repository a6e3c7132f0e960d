// SPDX-License-Identifier: Apache-2.0
/** eventsource, with Node's own fetch to publish. */
import { EventSource } from "eventsource";
import { EventSourceClient } from "./event-source.mjs";
import { run } from "./scenario.mjs";

await run(new EventSourceClient(EventSource, fetch));
