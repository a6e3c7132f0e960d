// SPDX-License-Identifier: Apache-2.0
import { element } from "../element.js";

/** @typedef {import("../../client/timeline.js").Timeline} Timeline */
/** @typedef {import("../../client/timeline.js").Incident} Incident */

const SVG = "http://www.w3.org/2000/svg";

/** The height of a lane in the units of its drawing. They grow with the text of the page. */
const HEIGHT = 34;
const TOP = 13;
const BOTTOM = 21;
const MIDDLE = (TOP + BOTTOM) / 2;

/** The width of a character of a label, at most. */
const CHARACTER = 6;

/** Marks of messages that are closer than this share one. */
const GRAIN = 2;

const SHORT = { service: "service", page: "this page", between: "between", unknown: "not told" };

/**
 * Draws one lane: bars while the connection was open, a cross for each end, hatching while there was no connection, a ring for
 * each retry, and marks for messages.
 * @param {SVGSVGElement} svg
 * @param {Timeline} timeline
 * @param {number} from
 * @param {number} to
 */
export function draw(svg, timeline, from, to) {
  const scale = svg.clientHeight / HEIGHT || 1;
  const width = Math.max(1, svg.clientWidth / scale);
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  /** @param {number} time */
  const x = (time) => Math.round(Math.max(0, ((time - from) / (to - from)) * width) * 10) / 10;
  const incidents = timeline.incidents.filter(({ over }) => over === undefined || over > from);
  const bars = timeline.open.filter((bar) => (bar.to ?? to) > from);
  svg.replaceChildren(
    drawn("path", { class: "messages", d: ticks(timeline.out, from, x, 2, 10) + ticks(timeline.in, from, x, 24, 32) }),
    ...bars.map((bar) => drawn("rect", { class: "open", x: x(bar.from), y: TOP, width: Math.max(1, x(bar.to ?? to) - x(bar.from)), height: BOTTOM - TOP })),
    ...incidents.filter(({ outcome }) => outcome !== "stopped").map(({ at, over }) => drawn("path", { class: "gap", d: hatching(x(at), x(over ?? to)) })),
    ...incidents.flatMap(({ retries }) => retries).filter((at) => at > from).map((at) => drawn("circle", { class: "retry", cx: x(at), cy: MIDDLE, r: 3 })),
    ...ends(incidents.filter(({ at }) => at > from), x, width),
  );
}

/**
 * @param {Incident[]} incidents oldest first
 * @param {(time: number) => number} x
 * @param {number} width
 */
function ends(incidents, x, width) {
  return incidents.flatMap((incident, at) => {
    const place = x(incident.at);
    const label = [SHORT[incident.by], incident.code].filter(Boolean).join(" ");
    const next = incidents[at + 1];
    // A label that would meet the next end, or the edge, is left out: the table has it.
    const fits = place + 8 + label.length * CHARACTER < (next ? x(next.at) - 6 : width);
    const cross = drawn("path", { class: "end", d: `M ${place - 4} ${MIDDLE - 4} l 8 8 m 0 -8 l -8 8` });
    const title = drawn("title", {});
    title.textContent = `${incident.reason}. Closed by: ${SHORT[incident.by]}. Retries: ${incident.retries.length}`;
    cross.append(title);
    if (!fits) return [cross];
    const text = drawn("text", { class: "end-label", x: place + 6, y: 10 });
    text.textContent = label;
    return [cross, text];
  });
}

/**
 * @param {readonly number[]} times ascending
 * @param {number} from
 * @param {(time: number) => number} x
 * @param {number} top
 * @param {number} bottom
 */
function ticks(times, from, x, top, bottom) {
  let path = "";
  let last = -Infinity;
  for (const time of times) {
    const place = x(time);
    if (time < from || place - last < GRAIN) continue;
    last = place;
    path += `M ${place} ${top} V ${bottom} `;
  }
  return path;
}

/**
 * @param {number} left
 * @param {number} right
 */
function hatching(left, right) {
  const height = BOTTOM - TOP;
  let path = `M ${left} ${TOP} H ${right} M ${left} ${BOTTOM} H ${right} `;
  for (let at = left; at <= right; at += 5) {
    const step = Math.min(height, right - at);
    path += `M ${at} ${BOTTOM} l ${step} ${-step} `;
  }
  return path;
}

/** What the signs mean. */
export function legend() {
  /** @type {[string, string, Record<string, string | number>, string][]} */
  const signs = [
    ["open", "rect", { x: 0, y: TOP, width: 16, height: BOTTOM - TOP }, "open"],
    ["end", "path", { d: `M 4 ${MIDDLE - 4} l 8 8 m 0 -8 l -8 8` }, "end"],
    ["gap", "path", { d: hatching(0, 16) }, "no connection"],
    ["retry", "circle", { cx: 8, cy: MIDDLE, r: 3 }, "retry"],
    ["messages", "path", { d: "M 4 2 V 10 M 12 24 V 32" }, "sent above, received below"],
  ];
  return element("ul", { class: "timeline-legend" }, ...signs.map(([kind, name, attributes, meaning]) => {
    const sign = drawn("svg", { viewBox: `0 0 16 ${HEIGHT}`, "aria-hidden": "true" });
    sign.append(drawn(name, { class: kind, ...attributes }));
    return element("li", {}, sign, meaning);
  }));
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function drawn(name, attributes) {
  const made = /** @type {SVGElement} */ (document.createElementNS(SVG, name));
  Object.entries(attributes).forEach(([attribute, value]) => made.setAttribute(attribute, String(value)));
  return made;
}
