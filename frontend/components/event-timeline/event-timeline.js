import { SPAN, Timeline } from "../../client/timeline.js";
import { element } from "../element.js";
import { VIEW_CHANGE } from "../view-nav/view-nav.js";

/** @typedef {import("../../client/conversation.js").Conversation} Conversation */

const TICK = 250;
const HEIGHT = 24;
const SVG = "http://www.w3.org/2000/svg";

/** Sent messages are drawn above the middle, received ones below. */
const OUT = "V 10";
const IN = "V 23";

/**
 * @typedef {object} Lane
 * @property {Timeline} timeline
 * @property {SVGElement} drawing
 * @property {Record<"open" | "out" | "in", SVGElement>} paths
 * @property {string} name
 */

/** The last minute of several connections, one below the other over one time axis. */
export class EventTimeline extends HTMLElement {
  /** @type {[name: string, transport: string, conversation: Conversation][]} */
  #conversations = [];
  /** @type {Lane[]} */
  #lanes = [];
  #listeners = new AbortController();

  /** @param {[name: string, transport: string, conversation: Conversation][]} conversations */
  set conversations(conversations) {
    this.#conversations = conversations;
    if (this.isConnected) this.#begin();
  }

  connectedCallback() {
    this.#begin();
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  #begin() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const heading = element("h2", { id: `${this.id}-title` }, "Last minute");
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", heading.id);
    this.replaceChildren(
      element("header", {}, heading, element("p", {}, "The bar shows when the connection was open. Marks above it are sent messages, marks below it received ones.")),
    );
    this.#lanes = this.#conversations.map(([name, transport, conversation]) => this.#lane(name, transport, new Timeline(conversation, signal)));
    this.append(element("div", { class: "timeline-axis", "aria-hidden": "true" }, element("span", {}, "60 s ago"), element("span", {}, "30 s"), element("span", {}, "now")));
    const timer = setInterval(() => this.#draw(), TICK);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
    document.addEventListener(VIEW_CHANGE, () => this.#draw(), { signal });
  }

  /**
   * @param {string} name
   * @param {string} transport
   * @param {Timeline} timeline
   * @returns {Lane}
   */
  #lane(name, transport, timeline) {
    const drawing = drawn("svg", { viewBox: `0 0 ${SPAN} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
    const paths = { open: drawn("path", { class: "open" }), out: drawn("path", { class: "out" }), in: drawn("path", { class: "in" }) };
    drawing.append(paths.open, paths.out, paths.in);
    this.append(element("div", { class: "timeline-lane", "data-transport": transport }, element("span", {}, name), drawing));
    return { timeline, drawing, paths, name };
  }

  #draw() {
    if (!this.checkVisibility()) return;
    const start = performance.now() - SPAN;
    const x = (/** @type {number} */ time) => Math.round(Math.max(0, time - start));
    for (const { timeline, drawing, paths, name } of this.#lanes) {
      const { open, out } = timeline;
      const came = timeline.in;
      paths.open.setAttribute("d", open.map(({ from, to }) => `M ${x(from)} 12 H ${to === undefined ? SPAN : x(to)}`).join(" "));
      paths.out.setAttribute("d", out.map((time) => `M ${x(time)} 1 ${OUT}`).join(" "));
      paths.in.setAttribute("d", came.map((time) => `M ${x(time)} 14 ${IN}`).join(" "));
      const label = `${name}: ${open.at(-1)?.to === undefined && open.length > 0 ? "open" : "not open"}; marks of the last minute: ${out.length} sent, ${came.length} came`;
      if (drawing.getAttribute("aria-label") !== label) drawing.setAttribute("aria-label", label);
    }
  }
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 */
function drawn(name, attributes) {
  const made = /** @type {SVGElement} */ (document.createElementNS(SVG, name));
  Object.entries(attributes).forEach(([attribute, value]) => made.setAttribute(attribute, value));
  return made;
}
