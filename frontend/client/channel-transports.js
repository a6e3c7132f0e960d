// SPDX-License-Identifier: Apache-2.0
import { bearer, needsCommand, protocols, refusedToken } from "./bearer.js";
import { pause } from "./durations.js";
import { broken, refused } from "./endings.js";
import { lines } from "./lines.js";
import { openWebSocket } from "./websocket.js";

/**
 * An event of the server, the same on every transport; src/docs/channels.md has the types.
 * @typedef {{type: string} & Record<string, any>} ServerEvent
 */

/**
 * One attempt to subscribe. After `signal` is aborted, further calls are ignored.
 * @typedef {object} Attempt
 * @property {URL} server
 * @property {string} channel
 * @property {string} [from] a position, or `earliest`
 * @property {"all" | "latest"} mode
 * @property {string} label
 * @property {string} [token]
 * @property {import("./websocket.js").SocketConstructor} [WebSocket] the global one if there is none
 * @property {AbortSignal} signal
 * @property {() => void} heard called for every sign of life
 * @property {(event: ServerEvent) => void} take
 * @property {(ending: import("./reconnecting.js").Ending) => void} lost
 */

/** @typedef {"websocket" | "ndjson" | "sse" | "poll"} TransportName */

/**
 * A way to subscribe. `dial` returns a function that sends commands, if the transport can.
 * @typedef {object} Transport
 * @property {string} name
 * @property {(attempt: Attempt) => ((command: object) => void) | void} dial
 */

/** The id of the command that subscribes; its refusal has the same id. */
export const SUBSCRIBE = "subscribe";

/** The id of the command with a token that comes before it. */
export const AUTHENTICATE = "authenticate";

/** The service's own protocol of commands and events. */
const PROTOCOL = "holdfast.v1";

/** How long a request may wait for messages: below the idle times of most proxies. */
const WAIT = 25_000;

/** For an answer that need not wait. */
const TIMEOUT = 10_000;

/** Between requests that return nothing at once although they asked to wait. */
const REST = 1_000;

/** @type {Readonly<Record<TransportName, Transport>>} */
export const TRANSPORTS = {
  websocket: { name: "websocket", dial: webSocket },
  ndjson: { name: "ndjson", dial: (attempt) => void stream("application/x-ndjson", jsonLines, attempt) },
  sse: { name: "sse", dial: (attempt) => void stream("text/event-stream", eventStream, attempt) },
  poll: { name: "poll", dial: (attempt) => void poll(attempt) },
};

/** @param {Attempt} attempt */
function webSocket(attempt) {
  /** @param {object} command */
  const send = (command) => socket.send(JSON.stringify(command));
  const socket = openChannelSocket("channels", attempt, send, (data) => {
    attempt.heard();
    takeJson(String(data), attempt);
  });
  return send;
}

/**
 * Opens a WebSocket that carries the channel protocol, and sends the first commands.
 * @param {string} path
 * @param {Attempt} attempt
 * @param {(command: object) => void} send
 * @param {(data: string | ArrayBuffer) => void} received
 */
export function openChannelSocket(path, attempt, send, received) {
  const { server, channel, from, mode, label, token, WebSocket, signal, lost } = attempt;
  let opened = false;
  const wire = {
    signal,
    opened: () => {
      opened = true;
      // The service answers commands in their order, so the second one has the token's permissions.
      if (needsCommand(token)) send({ type: "authenticate", id: AUTHENTICATE, token });
      send({ type: "subscribe", id: SUBSCRIBE, channel, from, mode });
    },
    lost: async (/** @type {import("./reconnecting.js").Ending} */ ending) => {
      const refusal = opened || token === undefined ? undefined : await refusedToken(server, token, signal);
      lost(refusal ?? ending);
    },
  };
  return openWebSocket(new URL(path, server).href, label, wire, received, protocols(PROTOCOL, token), WebSocket);
}

/**
 * @param {string} text one event
 * @param {Pick<Attempt, "take" | "lost">} attempt
 */
export function takeJson(text, { take, lost }) {
  let event;
  try {
    event = JSON.parse(text);
  } catch {
    return lost({ reason: "What came is not the channel protocol", retry: true });
  }
  take(event);
}

/**
 * A parser takes a stream line by line, and returns the events that a line completes.
 * @param {string} accept
 * @param {() => (line: string) => ServerEvent[]} parser
 * @param {Attempt} attempt
 */
async function stream(accept, parser, { server, channel, from, mode, label, token, signal, heard, take, lost }) {
  let opened = false;
  try {
    const url = address(server, `channels/${channel}`, { from, mode, label });
    const response = await fetch(url, { headers: { Accept: accept, ...bearer(token) }, cache: "no-store", signal });
    if (!response.ok || !response.body) return lost(await refusal(response));
    const type = response.headers.get("Content-Type");
    if (!type?.startsWith(accept)) return lost({ reason: `Asked for ${accept}, got ${type}`, retry: true });
    opened = true;
    const parse = parser();
    for await (const line of lines(response.body, heard)) {
      for (const event of parse(line)) take(event);
      if (signal.aborted) return;
    }
    lost({ reason: "The server ended the stream", retry: true });
  } catch {
    lost(broken(opened, "Unreachable"));
  }
}

/** The events of the other transports, one a line; an empty line is a heartbeat. */
function jsonLines() {
  return (/** @type {string} */ line) => (line === "" ? [] : [JSON.parse(line)]);
}

/** Server-sent events, converted to the events of the other transports. */
function eventStream() {
  let id = "";
  let name = "";
  /** What an EventSource would not show. @type {{traceparent?: string, tracestate?: string}} */
  let trace = {};
  /** @type {string[]} */
  let data = [];
  return (/** @type {string} */ line) => {
    if (line !== "") {
      const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === "id") id = value;
      if (field === "event") name = value;
      if (field === "data") data.push(value);
      if (field === "traceparent" || field === "tracestate") trace = { ...trace, [field]: value };
      return [];
    }
    const events = data.length > 0 ? translated(id, name, data.join("\n"), trace) : [];
    name = "";
    trace = {};
    data = [];
    return events;
  };
}

/**
 * @param {string} position
 * @param {string} event
 * @param {string} data
 * @param {{traceparent?: string, tracestate?: string}} trace
 * @returns {ServerEvent[]}
 */
function translated(position, event, data, trace) {
  switch (event) {
    case "welcome":
      // A gap, if there is one, follows as an event of its own.
      return [JSON.parse(data), { type: "subscribed", position, resumed: true }];
    case "gap":
    case "goodbye":
    case "expiring":
    case "unsubscribed":
      return [{ position, type: event, ...JSON.parse(data) }];
    default:
      return [{ type: "message", position, event: event || undefined, data: value(data), ...trace }];
  }
}

/**
 * An event stream carries a string as its text and other data as JSON, and does not say which one it was.
 * @param {string} text
 */
function value(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param {Attempt} attempt */
async function poll({ server, channel, from, label, token, signal, take, lost }) {
  let after = from;
  let opened = false;
  try {
    while (!signal.aborted) {
      const since = performance.now();
      // The first answer gives the position, and must not wait.
      const url = address(server, `channels/${channel}/messages`, { after, label, wait: opened ? `${WAIT}ms` : "0" });
      const response = await fetch(url, {
        headers: bearer(token),
        cache: "no-store",
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT + (opened ? WAIT : 0))]),
      });
      if (!response.ok) return lost(outlived(opened, await refusal(response)));
      const { position, resumed, messages } = await response.json();
      if (!opened) take({ type: "subscribed", position, resumed });
      else if (!resumed) take({ type: "gap", position });
      messages.forEach(take);
      if (opened && messages.length === 0 && performance.now() - since < REST) await pause(REST, signal);
      opened = true;
      after = position;
    }
  } catch {
    lost(broken(opened, "Unreachable"));
  }
}

/**
 * Polls get no event before their token expires: the next one is refused. With another token they may go on.
 * @param {boolean} opened whether the token was accepted before
 * @param {import("./reconnecting.js").Ending} ending
 * @returns {import("./reconnecting.js").Ending}
 */
function outlived(opened, ending) {
  return opened && ending.state === "denied" ? { ...ending, state: undefined, retry: true, rejected: "denied" } : ending;
}

/**
 * @param {URL} server
 * @param {string} path
 * @param {Record<string, string | undefined>} parameters those that are empty are left out
 */
function address(server, path, parameters) {
  const url = new URL(path, server);
  for (const [name, value] of Object.entries(parameters)) {
    if (value) url.searchParams.set(name, value);
  }
  return url;
}

/**
 * The server would refuse the same request again. An intermediary may let another form of it pass.
 * @param {Response} response
 * @returns {Promise<import("./reconnecting.js").Ending>}
 */
async function refusal(response) {
  const own = response.headers.get("Content-Type")?.includes("problem+json");
  const ending = await refused(response);
  return own ? ending : { ...ending, retry: true, state: undefined };
}
