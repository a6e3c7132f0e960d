// SPDX-License-Identifier: Apache-2.0
/** Commands for a terminal and code for a page that do what a panel does. All are ready to be pasted. */

const { origin } = location;
const socketOrigin = origin.replace(/^http/, "ws");

/**
 * @typedef {object} Request
 * @property {string} [method] what curl takes by itself, if there is none
 * @property {string} path
 * @property {[name: string, value: string][]} [headers]
 * @property {string} [body]
 * @property {boolean} [withToken] from the shell's variable `TOKEN`
 * @property {boolean} [streams] whether the answer is shown as it comes
 */

/** @param {Request} request */
export function curlRequest({ method, path, headers = [], body, withToken = false, streams = false }) {
  return [
    "curl",
    streams && "-N",
    method && `-X ${method}`,
    ...headers.map(([name, value]) => `-H ${shell(`${name}: ${value}`)}`),
    withToken && '-H "Authorization: Bearer $TOKEN"',
    body !== undefined && `-d ${shell(body)}`,
    shell(origin + path),
  ].filter(Boolean).join(" ");
}

/**
 * @param {string} path
 * @param {string} accept
 * @param {boolean} [withToken]
 */
export function curl(path, accept, withToken) {
  return curlRequest({ path, headers: [["Accept", accept]], withToken, streams: true });
}

/**
 * @param {string} path
 * @param {string} text sent at first
 * @param {string} [options]
 */
export function wscat(path, text, options = "") {
  return `npx wscat -c ${shell(socketOrigin + path)}${options} -w 60 -x ${shell(text)}`;
}

/**
 * @param {import("./server-info.js").Listener} listener
 * @param {string} line sent at first
 * @param {number} wait seconds to listen
 */
export function netcat({ port, tls }, line, wait) {
  const host = location.hostname.replace(/^\[|\]$/g, "");
  return `(echo ${shell(line)}; sleep ${wait}) | ${tls ? `openssl s_client -quiet -connect ${location.hostname}:${port}` : `nc -q1 ${host} ${port}`}`;
}

/**
 * @param {string} path
 * @param {string} accept an event stream is read by EventSource, anything else by fetch
 */
export function streamCode(path, accept) {
  const url = JSON.stringify(origin + path);
  if (accept === "text/event-stream") {
    return `// Opens another connection by itself, as long as it is not refused.
const stream = new EventSource(${url});
stream.onmessage = ({ data }) => console.log(data);
stream.onerror = () => console.warn(stream.readyState === EventSource.CLOSED ? "refused" : "lost, trying again");
`;
  }
  return `const response = await fetch(${url}, { headers: { Accept: ${JSON.stringify(accept)} } });
const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
for (let part; !(part = await reader.read()).done;) console.log(part.value);
`;
}

/**
 * @param {string} path
 * @param {string} text sent at first
 * @param {boolean} [bytes] whether messages are bytes
 */
export function socketCode(path, text, bytes = false) {
  const message = JSON.stringify(text);
  return `const socket = new WebSocket(${JSON.stringify(socketOrigin + path)});
socket.binaryType = "arraybuffer";
socket.onopen = () => socket.send(${bytes ? `new TextEncoder().encode(${message})` : message});
socket.onmessage = ({ data }) => console.log(${bytes ? "new TextDecoder().decode(data)" : "data"});
socket.onclose = ({ code, reason }) => console.warn("closed", code, reason);
`;
}

/** @param {string} channel */
export function subscribeCode(channel) {
  return `const { subscribe } = await import(${JSON.stringify(`${origin}/client/channel.js`)});
const subscription = subscribe({
  channel: ${JSON.stringify(channel)},
  onMessage: ({ data, position }) => console.log(position, data),
  onState: ({ name, reason }) => console.info(name, reason ?? ""),
});
`;
}

/** @param {string} text as one word of a POSIX shell */
function shell(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
