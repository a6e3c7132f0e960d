// SPDX-License-Identifier: Apache-2.0
import { number, text } from "./shape.js";

/**
 * When and where something was measured.
 * @typedef {object} Circumstances
 * @property {number} at milliseconds since 1970
 * @property {string} server address of the service
 * @property {string} browser its name and version
 * @property {string} protocol of the page’s requests, as h2 for HTTP/2; empty if unknown
 */

/** Their shape in a link. */
export const CIRCUMSTANCES = {
  at: number(0, 8.64e15),
  server: text(200),
  browser: text(60),
  protocol: text(20),
};

const BROWSERS = /(Firefox|Edg|OPR|Chrome|Version)\/(\d+)/g;

/** The usual names of browsers that use another one in their user agent. */
const KNOWN_AS = new Map([["Edg", "Edge"], ["OPR", "Opera"], ["Version", "Safari"]]);

/** @returns {Circumstances} here and now */
export function here() {
  const [page] = performance.getEntriesByType("navigation");
  return {
    at: Date.now(),
    server: location.origin,
    browser: browser(navigator.userAgent),
    protocol: page instanceof PerformanceNavigationTiming ? page.nextHopProtocol : "",
  };
}

/** @param {string} agent */
function browser(agent) {
  // A browser that is built on another one names that one first.
  const [, name, version] = [...agent.matchAll(BROWSERS)].at(-1) ?? [];
  return name === undefined ? "an unknown browser" : `${KNOWN_AS.get(name) ?? name} ${version}`;
}

/** @param {Circumstances} circumstances */
export function inWords({ at, server, browser }) {
  return `${server}, ${day(new Date(at))}, from ${browser}`;
}

/** @param {Date} date */
export function day(date) {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(date);
}
