// SPDX-License-Identifier: Apache-2.0
import { openChannelSocket, takeJson } from "./channel-transports.js";

/**
 * WebSocket `/lines`: the server's side of it is a TCP connection to its own listener of lines, so that a page can use a
 * channel over TCP: a command or an event a line.
 * @type {import("./channel-transports.js").Transport}
 */
export const LINE_BRIDGE = {
  name: "tcp",
  dial(attempt) {
    const encoder = new TextEncoder();
    const decoder = new TextDecoder();
    let rest = "";
    /** @param {object} command */
    const send = (command) => socket.send(encoder.encode(`${JSON.stringify(command)}\n`));
    const socket = openChannelSocket("lines", attempt, send, (data) => {
      if (typeof data === "string") return;
      attempt.heard();
      const lines = (rest + decoder.decode(data, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach((line) => takeJson(line, attempt));
    });
    return send;
  },
};
