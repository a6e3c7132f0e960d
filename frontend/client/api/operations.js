// SPDX-License-Identifier: Apache-2.0
import { curlRequest, netcat, wscat } from "../commands.js";
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
 * @typedef {Record<string, import("../server-info.js").Listener | undefined>} Listeners of TCP, those that are known
 */

const METHODS = ["get", "post", "put", "patch", "delete"];
const BYTES = "application/octet-stream";
/** Seconds for an answer over TCP. */
const WAIT = 1;
const STREAMS = ["text/event-stream", "application/x-ndjson"];

/**
 * Everything that the service does, as its documents tell it.
 * @param {Documents} documents
 * @param {Listeners} listeners
 * @returns {Group[]}
 */
export function groups({ openapi, asyncapi }, listeners) {
  return [...requests(openapi), ...channels(asyncapi, listeners)];
}

/**
 * @param {any} document
 * @returns {Group[]}
 */
function requests(document) {
  const all = Object.entries(document.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => {
    const operation = item[method];
    const parameters = [...item.parameters ?? [], ...operation.parameters ?? []].map((parameter) => resolve(document, parameter));
    return { tag: operation.tags[0], operation: request(document, path, method, operation, parameters) };
  }));
  return document.tags.map((/** @type {{name: string, description: string}} */ { name, description }) => ({
    title: name,
    description,
    operations: all.filter(({ tag }) => tag === name).map(({ operation }) => operation),
  }));
}

/**
 * @param {any} document
 * @param {string} path
 * @param {string} method
 * @param {any} operation
 * @param {any[]} parameters
 * @returns {Operation}
 */
function request(document, path, method, operation, parameters) {
  const contents = Object.entries(operation.requestBody?.content ?? {});
  const responses = Object.entries(operation.responses);
  const isStream = responses.some(([, { content }]) => STREAMS.some((type) => content?.[type]));
  // What is answered to everybody, as to a token that is not accepted, is no example of this operation.
  const examples = responses.filter(([, response]) => !response.$ref).flatMap(([status, { content }]) =>
    Object.entries(content ?? {}).flatMap(([type, { examples }]) => Object.entries(examples ?? {}).map(([name, { value }]) => ({
      name,
      command: curlRequest({
        method: method === (contents.length > 0 ? "post" : "get") ? undefined : method.toUpperCase(),
        ...sent(path, parameters, contents, name, type),
        streams: isStream,
        withToken: !operation.security.some((/** @type {object} */ way) => Object.keys(way).length === 0),
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
 * @param {string} path
 * @param {any[]} parameters
 * @param {[string, any][]} contents of the body, by type
 * @param {string} name
 * @param {string} accept the type of the answer
 */
function sent(path, parameters, contents, name, accept) {
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
    path: target + (query.length > 0 ? `?${query.join("&")}` : ""),
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
 * @param {Listeners} listeners
 * @returns {Group[]}
 */
function channels(document, listeners) {
  return Object.entries(document.channels).map(([name, channel]) => {
    const server = resolve(document, channel.servers[0]);
    const listener = listeners[channel.servers[0].$ref.split("/").pop()] ?? { port: server.variables.port.default, tls: false };
    const operations = Object.entries(document.operations).filter(([, { channel: { $ref } }]) => $ref === `#/channels/${name}`);
    return {
      title: channel.address ? `WebSocket ${channel.address}` : `TCP ${listener.port}`,
      description: `${channel.title}. ${channel.description}`,
      operations: [
        ...(channel.address === null ? [] : [handshake(document, name, channel)]),
        ...operations.map(([id, operation]) => exchange(document, id, operation, channel.address, listener)),
      ],
    };
  });
}

/**
 * How a WebSocket is opened.
 * @param {any} document
 * @param {string} name
 * @param {any} channel
 * @returns {Operation}
 */
function handshake(document, name, { address, bindings }) {
  const { method, query } = resolve(document, bindings).ws;
  return {
    id: `ws-${name}-open`,
    kind: method,
    target: address,
    summary: "Opens the WebSocket",
    description: "",
    parameters: fields(document, query).map((field) => ({ ...field, place: "query" })),
    answers: ["101: the WebSocket is open", "4xx, 5xx: problem JSON, as over HTTP"],
    examples: [],
  };
}

/**
 * @param {any} document
 * @param {string} id
 * @param {any} operation
 * @param {string | null} address of a WebSocket; null for TCP
 * @param {import("../server-info.js").Listener} listener
 * @returns {Operation}
 */
function exchange(document, id, operation, address, listener) {
  const isCommand = operation.action === "receive";
  /** @type {any[]} */
  const messages = operation.messages.map((/** @type {any} */ message) => resolve(document, message));
  /** @type {any[]} */
  const replies = (operation.reply?.messages ?? []).map((/** @type {any} */ message) => resolve(document, message));
  const command = (/** @type {any} */ message, /** @type {unknown} */ payload) => {
    if (!isCommand) return "";
    if (address === null) return netcat(listener, line(payload), WAIT);
    // wscat sends text only.
    return message.contentType === BYTES || address === "/lines" ? "" : wscat(address, line(payload));
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
