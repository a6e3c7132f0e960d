// SPDX-License-Identifier: Apache-2.0
import { curl, nc, wscat } from "./commands.js";
import { inWords, resolve } from "./documents.js";

/** @typedef {import("./documents.js").Documents} Documents */

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {string} place as `query` or `body`
 * @property {boolean} required
 * @property {string} type in words
 * @property {string} description
 *
 * @typedef {object} Example
 * @property {string} name
 * @property {string} command to copy; empty if there is none
 * @property {string} answer
 *
 * @typedef {object} Operation
 * @property {string} id for the address
 * @property {string} kind as `GET`, `receives` or `sends`
 * @property {string} target as `/stream`, or the names of messages
 * @property {string} summary
 * @property {string} description
 * @property {Parameter[]} parameters
 * @property {string[]} answers as `400: a parameter that cannot be used`
 * @property {Example[]} examples
 *
 * @typedef {object} Group
 * @property {string} title
 * @property {string} description
 * @property {Operation[]} operations
 *
 * @typedef {object} Place where the service is
 * @property {string} origin as `https://example.org`
 * @property {Record<string, string | undefined>} ports of TCP listeners, if they are known
 */

const METHODS = ["get", "post", "put", "patch", "delete"];
const STREAMS = ["text/event-stream", "application/x-ndjson"];

/**
 * Everything that the service does, as its documents tell it.
 * @param {Documents} documents
 * @param {Place} place
 * @returns {Group[]}
 */
export function groups({ openapi, asyncapi }, place) {
  return [...requests(openapi, place), ...channels(asyncapi, place)];
}

/**
 * @param {any} document
 * @param {Place} place
 * @returns {Group[]}
 */
function requests(document, { origin }) {
  const all = Object.entries(document.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => {
    const operation = item[method];
    const parameters = [...item.parameters ?? [], ...operation.parameters ?? []].map((parameter) => resolve(document, parameter));
    return { tag: operation.tags[0], operation: request(document, origin, path, method, operation, parameters) };
  }));
  return document.tags.map(({ name, description }) => ({
    title: name,
    description,
    operations: all.filter(({ tag }) => tag === name).map(({ operation }) => operation),
  }));
}

/**
 * @param {any} document
 * @param {string} origin
 * @param {string} path
 * @param {string} method
 * @param {any} operation
 * @param {any[]} parameters
 * @returns {Operation}
 */
function request(document, origin, path, method, operation, parameters) {
  const contents = Object.entries(operation.requestBody?.content ?? {});
  const responses = Object.entries(operation.responses);
  const isStream = responses.some(([, { content }]) => STREAMS.some((type) => content?.[type]));
  // What is answered to everybody, as to a token that is not accepted, is no example of this operation.
  const examples = responses.filter(([, response]) => !response.$ref).flatMap(([status, { content }]) =>
    Object.entries(content ?? {}).flatMap(([type, { examples }]) => Object.entries(examples ?? {}).map(([name, { value }]) => ({
      name,
      command: curl({
        method: method.toUpperCase(),
        ...sent(origin, path, parameters, contents, name, type),
        streams: isStream,
        needsToken: !operation.security.some((/** @type {object} */ way) => Object.keys(way).length === 0),
      }),
      answer: status.startsWith("2") ? shown(value) : `${status}\n${shown(value)}`,
    }))));
  return {
    id: operation.operationId,
    kind: method.toUpperCase(),
    target: path,
    summary: operation.summary,
    description: operation.description ?? "",
    parameters: [
      ...parameters.map(({ name, in: where, required = false, schema, description }) =>
        ({ name, place: where, required, type: inWords(document, schema), description })),
      ...contents.map(([type, { schema }]) => ({
        name: type,
        place: "body",
        required: operation.requestBody.required,
        type: inWords(document, schema),
        description: operation.requestBody.description ?? "",
      })),
    ],
    answers: responses.map(([status, response]) => `${status}: ${resolve(document, response).description}`),
    examples,
  };
}

/**
 * What the parts of an example make together: those of its name, and the first ones of what is required.
 * @param {string} origin
 * @param {string} path
 * @param {any[]} parameters
 * @param {[string, any][]} contents of the body, by type
 * @param {string} name
 * @param {string} accept the type of the answer
 */
function sent(origin, path, parameters, contents, name, accept) {
  const value = (/** @type {any} */ { examples = {}, required }) => (examples[name] ?? (required ? Object.values(examples)[0] : undefined))?.value;
  const given = parameters.map((parameter) => ({ ...parameter, value: value(parameter) })).filter((parameter) => parameter.value !== undefined);
  const inPlace = (/** @type {string} */ place) => given.filter((parameter) => parameter.in === place);
  const query = inPlace("query").flatMap((parameter) => [parameter.value].flat().map((one) => `${parameter.name}=${escape(one)}`));
  const target = inPlace("path").reduce((filled, parameter) => filled.replace(`{${parameter.name}}`, escape(parameter.value)), path);
  const [type, content] = contents.find(([, { examples }]) => examples?.[name]) ?? contents[0] ?? [];
  const body = content && value({ ...content, required: true });
  /** @type {[string, string][]} */
  const headers = inPlace("header").map((parameter) => [parameter.name, String(parameter.value)]);
  if (STREAMS.includes(accept)) headers.push(["Accept", accept]);
  if (type) headers.push(["Content-Type", type === "*/*" ? "text/plain" : type]);
  return {
    url: origin + target + (query.length > 0 ? `?${query.join("&")}` : ""),
    headers,
    body: content && (typeof body === "string" ? body : JSON.stringify(body)),
  };
}

/** @param {unknown} value of which `:` may stay as it is */
function escape(value) {
  return encodeURIComponent(String(value)).replaceAll("%3A", ":");
}

/** @param {unknown} value */
function shown(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/**
 * @param {any} document
 * @param {Place} place
 * @returns {Group[]}
 */
function channels(document, place) {
  return Object.entries(document.channels).map(([name, channel]) => {
    const server = resolve(document, channel.servers[0]);
    const key = channel.servers[0].$ref.split("/").pop();
    const port = place.ports[key] ?? server.variables.port.default;
    const operations = Object.entries(document.operations).filter(([, { channel: { $ref } }]) => $ref === `#/channels/${name}`);
    return {
      title: channel.address ? `WebSocket ${channel.address}` : `TCP ${port}`,
      description: `${channel.title}. ${channel.description}`,
      operations: operations.map(([id, operation]) => exchange(document, id, operation, channel, place, port)),
    };
  });
}

/**
 * @param {any} document
 * @param {string} id
 * @param {any} operation
 * @param {any} channel
 * @param {Place} place
 * @param {string} port
 * @returns {Operation}
 */
function exchange(document, id, operation, channel, place, port) {
  const isCommand = operation.action === "receive";
  /** @type {any[]} */
  const messages = operation.messages.map((/** @type {any} */ message) => resolve(document, message));
  /** @type {any[]} */
  const replies = (operation.reply?.messages ?? []).map((/** @type {any} */ message) => resolve(document, message));
  const url = place.origin.replace(/^http/, "ws") + channel.address;
  const host = new URL(place.origin).hostname;
  const isLines = channel.messages.welcome !== undefined;
  const command = (/** @type {any} */ message, /** @type {unknown} */ payload) => {
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    if (!isCommand) return "";
    if (channel.address === null) return nc(host, port, text, isLines);
    // wscat sends text only.
    return message.contentType === "application/octet-stream" || channel.address === "/lines" ? "" : wscat(url, text);
  };
  const answer = (/** @type {any} */ message, /** @type {string} */ name) => (replies.includes(message) ? [message] : replies)
    .flatMap(({ examples = [] }) => examples).find((/** @type {any} */ example) => example.name === name);
  return {
    id: `ws-${id}`,
    kind: isCommand ? "receives" : "sends",
    target: messages.map(({ title }) => title).join(", "),
    summary: operation.summary,
    description: messages.length === 1 ? "" : messages.map(({ title, summary }) => `${title}: ${summary}.`).join("\n\n"),
    parameters: messages.length === 1 ? fields(document, messages[0].payload) : [],
    answers: replies.map(({ title, summary }) => `${title}: ${summary}`),
    examples: messages.flatMap((message) => (message.examples ?? []).map((/** @type {any} */ { name, payload }) => ({
      name: messages.length === 1 || name === message.title.toLowerCase() ? name : `${message.title}, ${name}`,
      command: command(message, payload),
      answer: isCommand ? line(answer(message, name)?.payload) : line(payload),
    }))),
  };
}

/** @param {unknown} payload as it is sent */
function line(payload) {
  return typeof payload === "string" ? payload : JSON.stringify(payload) ?? "";
}

/**
 * @param {any} document
 * @param {any} schema of a message
 * @returns {Parameter[]}
 */
function fields(document, schema) {
  const { properties = {}, required = [] } = resolve(document, schema);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    place: "field",
    required: required.includes(name),
    type: inWords(document, property),
    description: resolve(document, property).description ?? "",
  }));
}
