// SPDX-License-Identifier: Apache-2.0
/** ws, with the compression that it offers by default. */
import { WebSocket } from "ws";
import { run } from "./scenario.mjs";
import { WebSocketClient } from "./web-socket.mjs";

await run(new WebSocketClient(WebSocket));
