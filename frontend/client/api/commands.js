// SPDX-License-Identifier: Apache-2.0
/**
 * A word of a shell's command.
 * @param {string} text
 */
export function quoted(text) {
  return /^[\w.:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * A request as a command.
 * @typedef {object} Request
 * @property {string} method
 * @property {string} url
 * @property {[name: string, value: string][]} headers
 * @property {string} [body]
 * @property {boolean} streams whether the answer is to be shown as it comes
 * @property {boolean} needsToken
 */

/**
 * The request for curl. The token is a variable of the shell.
 * @param {Request} request
 */
export function curl({ method, url, headers, body, streams, needsToken }) {
  const usual = body === undefined ? "GET" : "POST";
  return [
    "curl",
    ...(streams ? ["-N"] : []),
    ...(method === usual ? [] : ["-X", method]),
    ...(needsToken ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : ["-d", quoted(body)]),
    quoted(url),
  ].join(" ");
}

/**
 * Sends one message on a WebSocket, and shows what comes within two seconds.
 * @param {string} url
 * @param {string} [message] undefined for none
 */
export function wscat(url, message) {
  return ["npx wscat -c", quoted(url), ...(message === undefined ? [] : ["-w 2 -x", quoted(message)])].join(" ");
}

/**
 * Sends text over TCP, and shows what comes.
 * @param {string} host
 * @param {string} port
 * @param {string} text
 * @param {boolean} isLine whether a line feed ends it
 */
export function nc(host, port, text, isLine) {
  return `printf ${isLine ? "'%s\\n'" : "%s"} ${quoted(text)} | nc -q 1 ${quoted(host)} ${port}`;
}
