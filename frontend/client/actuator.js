// SPDX-License-Identifier: Apache-2.0
/** Where the actuator is: below this on the page's own origin, unless the page was told another place. */
let base = "/actuator";

/** Whether the page's document was asked for another place. */
let looked = false;

/**
 * Requests a path of the actuator. If that has a port of its own, the page's document names it in its header `Link`, as
 * `service-meta` (RFC 8631).
 * @param {string} path below the actuator
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function actuator(path, init) {
  const response = await fetch(base + path, init);
  if (response.status !== 404 || looked) return response;
  const link = (await fetch(location.pathname, { method: "HEAD", cache: "no-store", signal: init?.signal })).headers.get("Link");
  const [, place] = link?.match(/<(https?:[^>]+)>; *rel="service-meta"/) ?? [];
  looked = true;
  if (place === undefined) return response;
  base = place;
  return fetch(base + path, init);
}
