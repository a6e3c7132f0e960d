// SPDX-License-Identifier: Apache-2.0
/**
 * The protocol that the browser speaks with this page's origin.
 * @returns {string} as `h2` or `http/1.1` (the names of ALPN); empty if the browser does not tell
 */
export function nextHop() {
  const [document] = performance.getEntriesByType("navigation");
  return document instanceof PerformanceNavigationTiming ? document.nextHopProtocol : "";
}

/** Whether all requests share one connection, so that a page can neither open nor close one. */
export function isMultiplexed() {
  return ["h2", "h3"].includes(nextHop());
}
