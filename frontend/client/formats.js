// SPDX-License-Identifier: Apache-2.0
/**
 * What one line of a stream completes.
 * @typedef {{text: string} | {goodbye: string}} Item
 */

/**
 * Takes a stream line by line.
 * @typedef {(line: string) => Item | undefined} Parser
 */

/**
 * @typedef {object} Format
 * @property {string} accept the media type to ask for
 * @property {() => Parser} parser
 */

/** @type {Readonly<Record<"text" | "ndjson" | "sse", Format>>} */
export const FORMATS = {
  text: { accept: "text/plain", parser: () => (line) => ({ text: line }) },
  ndjson: {
    accept: "application/x-ndjson",
    // An empty line is a heartbeat.
    parser: () => (line) => (line === "" ? undefined : object(line)),
  },
  sse: { accept: "text/event-stream", parser: eventStream },
};

/**
 * The part of the event stream grammar that a reader without resumption needs: `event` and `data`.
 * @returns {Parser}
 */
function eventStream() {
  let event = "";
  /** @type {string[]} */
  let data = [];
  return (line) => {
    if (line !== "") {
      const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (name === "event") event = value;
      if (name === "data") data.push(value);
      return undefined;
    }
    const item = data.length > 0 ? eventItem(event, data.join("\n")) : undefined;
    event = "";
    data = [];
    return item;
  };
}

/**
 * @param {string} event the event's name; empty is the default one
 * @param {string} data
 * @returns {Item}
 */
export function eventItem(event, data) {
  if (event === "goodbye") return { goodbye: data };
  return event === "" || event === "message" ? { text: tick(data) } : { text: `${event}: ${data}` };
}

/**
 * @param {string} line
 * @returns {Item}
 */
function object(line) {
  return /^\{"type":"goodbye"/.test(line) ? { goodbye: line } : { text: tick(line) };
}

/**
 * `#7 hello world` for a tick, anything else as it is.
 * @param {string} json
 */
function tick(json) {
  try {
    const { tick: number, message } = JSON.parse(json);
    return number === undefined || message === undefined ? json : `#${number} ${message}`;
  } catch {
    return json;
  }
}
