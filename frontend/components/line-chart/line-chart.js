// SPDX-License-Identifier: Apache-2.0
import { element, say } from "../element.js";

/** In the page's text sizes, so that it grows with them. */
const HEIGHT = 19;
const FONT = 0.75;
const AXIS = 4;

/** What a label of the x axis takes, in text sizes. */
const MARK = 3.5;

/** Pages below this width, in text sizes, have the names of the lines in the legend alone. */
const WIDE_ENOUGH = 34;

const DASHES = [6, 4];

/**
 * @typedef {object} Axis
 * @property {string} name
 * @property {boolean} [log]
 * @property {(value: number) => string} show
 * @property {number[]} [marks] values to mark on the axis; round ones by default
 */

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} color name of a custom property
 * @property {boolean} dashed
 * @property {(number | null)[]} values one for each x
 */

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} description the content in words, for people who cannot see it
 * @property {Axis} x
 * @property {Axis} y
 * @property {number[]} xs ascending
 * @property {number} start index of the x whose values are shown first
 * @property {Line[]} lines
 */

/**
 * Lines over a common x axis. The legend has their values at one x, which a slider chooses: for the keyboard and for touch. A
 * table beside it has the same figures.
 */
export class LineChart extends HTMLElement {
  /** @type {Chart | undefined} */
  #chart;
  /** @type {any} */
  #plot;
  #title = element("figcaption", {});
  #box = element("div", { class: "plot", role: "img" });
  #at = element("input", { type: "range", min: 0, step: 1, "data-part": "at" });
  #of = element("span", {});
  #place = element("output", { "data-part": "place" });
  #listeners = new AbortController();

  /** @param {Chart} chart */
  set chart(chart) {
    this.#chart = chart;
    this.#draw();
  }

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    if (this.childElementCount === 0) this.append(element("figure", {}, this.#title, this.#box, element("label", { class: "slider" }, this.#of, this.#place, this.#at)));
    this.#at.addEventListener("input", () => this.#read(), { signal });
    // A canvas does not take the colours of the page by itself.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw(), { signal });
    const resized = new ResizeObserver(() => this.#fit());
    resized.observe(this);
    signal.addEventListener("abort", () => resized.disconnect(), { once: true });
    this.#draw();
  }

  disconnectedCallback() {
    this.#listeners.abort();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  async #draw() {
    const chart = this.#chart;
    if (!chart || !this.isConnected) return;
    this.#title.textContent = chart.title;
    say(this.#of, `${chart.x.name}:`);
    this.#box.ariaLabel = chart.description;
    try {
      const { default: Plot } = await import("/webjars/uplot/dist/uPlot.esm.js");
      if (chart !== this.#chart || !this.isConnected) return;
      this.#plot?.destroy();
      this.#plot = new Plot(
        { ...options(chart, this.#width, this), hooks: { draw: [(/** @type {any} */ plot) => nameLines(plot, chart, this)], setCursor: [() => this.#follow()] } },
        [chart.xs, ...chart.lines.map(({ values }) => values)],
        this.#box,
      );
      this.#at.max = String(chart.xs.length - 1);
      this.#at.valueAsNumber = chart.start;
      this.#read();
    } catch (error) {
      reportError(error);
      this.#box.textContent = "The chart cannot be drawn. The table has its figures.";
    }
  }

  get #width() {
    return Math.max(200, Math.floor(this.#box.clientWidth));
  }

  /** Other widths have other labels, so it is drawn anew. */
  #fit() {
    if (this.#plot && this.#plot.width !== this.#width) this.#draw();
  }

  /** The legend has the values where the slider is. */
  #read() {
    const chart = this.#chart;
    if (!this.#plot || !chart) return;
    const at = this.#at.valueAsNumber;
    this.#plot.setLegend({ idx: at });
    const place = chart.x.show(chart.xs[at]);
    say(this.#place, place);
    this.#at.ariaValueText = `${chart.x.name}: ${place}. ${chart.lines.map(({ name, values }) => `${name} ${chart.y.show(values[at] ?? 0)}`).join(", ")}`;
  }

  /** The slider follows the mouse, and the legend stays when that leaves. */
  #follow() {
    const at = this.#plot?.cursor.idx;
    if (typeof at === "number") this.#at.valueAsNumber = at;
    this.#read();
  }
}

/**
 * @param {Chart} chart
 * @param {number} width
 * @param {Element} styled
 */
function options({ x, y, lines }, width, styled) {
  const names = lines.map(({ name }) => name);
  const style = getComputedStyle(styled);
  const ink = color(styled, "--ink-soft");
  const grid = { stroke: color(styled, "--line"), width: 1 };
  const em = textSize();
  const font = `${FONT * em}px ${style.fontFamily}`;
  /** @param {Axis} axis */
  const axis = ({ name, show, marks }) => ({
    ...(isWide(width) && { label: name, labelSize: 1.25 * em }),
    size: 2 * em,
    space: 4.5 * em,
    labelFont: font,
    font,
    stroke: ink,
    grid,
    ticks: grid,
    values: (/** @type {any} */ _, /** @type {(number | null)[]} */ at) => at.map((value) => (value === null ? "" : show(value))),
    ...(marks && { splits: () => marks, filter: (/** @type {any} */ plot, /** @type {number[]} */ at) => apart(plot, at, MARK * em) }),
  });
  return {
    width,
    height: HEIGHT * em,
    padding: [null, isWide(width) ? widest(names, font) + em : 1.5 * em, null, null],
    scales: { x: { time: false, distr: x.log ? 3 : 1 }, y: { distr: y.log ? 3 : 1 } },
    axes: [axis(x), { ...axis(y), size: AXIS * em, space: 1.5 * em }],
    series: [
      { label: x.name, value: (/** @type {any} */ _, /** @type {number | null} */ value) => (value === null ? "–" : x.show(value)) },
      ...lines.map((line) => ({
        label: line.name,
        stroke: color(styled, line.color),
        width: 1.5,
        dash: line.dashed ? DASHES : undefined,
        points: { show: false },
        spanGaps: false,
        value: (/** @type {any} */ _, /** @type {number | null} */ value) => (value === null ? "–" : y.show(value)),
      })),
    ],
    legend: {
      markers: {
        width: 2,
        // As the lines: the x axis, which comes first, has none.
        dash: (/** @type {any} */ _, /** @type {number} */ at) => (at > 0 && lines[at - 1].dashed ? "dashed" : "solid"),
      },
    },
  };
}

/**
 * @param {any} plot
 * @param {readonly number[]} marks of the x axis
 * @param {number} least distance of two labels, in pixels
 * @returns {(number | null)[]} null where there is no room for a label
 */
function apart(plot, marks, least) {
  let last = -Infinity;
  return marks.map((mark) => {
    const at = plot.valToPos(mark, "x");
    if (at - last < least) return null;
    last = at;
    return mark;
  });
}

/**
 * @param {readonly string[]} texts
 * @param {string} font
 */
function widest(texts, font) {
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  pen.font = font;
  return Math.max(...texts.map((text) => pen.measureText(text).width));
}

function textSize() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** @param {number} width */
function isWide(width) {
  return width >= WIDE_ENOUGH * textSize();
}

/**
 * Writes the lines' names beside their ends, below one another.
 * @param {any} plot
 * @param {Chart} chart
 * @param {Element} styled
 */
function nameLines(plot, { lines }, styled) {
  if (!isWide(plot.width)) return;
  const { ctx: pen, bbox } = plot;
  const step = 1.1 * FONT * textSize() * devicePixelRatio;
  const ends = lines.map(({ name, color: custom, values }) => ({
    name,
    color: color(styled, custom),
    y: plot.valToPos(values.findLast((value) => value !== null) ?? 0, "y", true),
  })).sort((a, b) => a.y - b.y);
  ends.forEach((end, at) => {
    end.y = Math.max(end.y, at === 0 ? bbox.top : ends[at - 1].y + step);
  });
  ends.toReversed().forEach((end, at, upwards) => {
    end.y = Math.min(end.y, at === 0 ? bbox.top + bbox.height : upwards[at - 1].y - step);
  });
  pen.save();
  pen.font = `${FONT * textSize() * devicePixelRatio}px ${getComputedStyle(styled).fontFamily}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (const { name, color, y } of ends) {
    pen.fillStyle = color;
    pen.fillText(name, bbox.left + bbox.width + step / 2, y);
  }
  pen.restore();
}

/**
 * The colour of a custom property, resolved for a canvas, which does not support `light-dark`.
 * @param {Element} styled
 * @param {string} name
 */
function color(styled, name) {
  const probe = element("span", { hidden: true });
  probe.style.color = `var(${name})`;
  styled.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
