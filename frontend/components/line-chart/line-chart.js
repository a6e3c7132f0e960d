import { element } from "../element.js";

const HEIGHT = 280;
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
 * @property {Line[]} lines
 */

/** Lines over a common x axis. A table beside it has the same figures. */
export class LineChart extends HTMLElement {
  /** @type {Chart | undefined} */
  #chart;
  /** @type {any} */
  #plot;
  #title = element("figcaption", {});
  #box = element("div", { class: "plot", role: "img" });
  #listeners = new AbortController();

  /** @param {Chart} chart */
  set chart(chart) {
    this.#chart = chart;
    this.#draw();
  }

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    if (this.childElementCount === 0) this.append(element("figure", {}, this.#title, this.#box));
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
    this.#box.ariaLabel = chart.description;
    try {
      const { default: Plot } = await import("/webjars/uplot/dist/uPlot.esm.js");
      if (chart !== this.#chart || !this.isConnected) return;
      this.#plot?.destroy();
      this.#plot = new Plot(options(chart, this.#width, this), [chart.xs, ...chart.lines.map(({ values }) => values)], this.#box);
    } catch (error) {
      reportError(error);
      this.#box.textContent = "The chart cannot be drawn. The table has its figures.";
    }
  }

  get #width() {
    return Math.max(200, Math.floor(this.#box.clientWidth));
  }

  #fit() {
    if (this.#plot && this.#plot.width !== this.#width) this.#plot.setSize({ width: this.#width, height: HEIGHT });
  }
}

/**
 * @param {Chart} chart
 * @param {number} width
 * @param {Element} styled
 */
function options({ x, y, lines }, width, styled) {
  const style = getComputedStyle(styled);
  const ink = color(styled, "--ink-soft");
  const grid = { stroke: color(styled, "--line"), width: 1 };
  const font = `12px ${style.fontFamily}`;
  /** @param {Axis} axis */
  const axis = ({ name, show, marks }) => ({
    label: name,
    labelSize: 20,
    labelFont: font,
    font,
    stroke: ink,
    grid,
    ticks: grid,
    values: (/** @type {any} */ _, /** @type {(number | null)[]} */ at) => at.map((value) => (value === null ? "" : show(value))),
    ...(marks && { splits: () => marks, filter: (/** @type {any} */ _, /** @type {number[]} */ at) => at }),
  });
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: false, distr: x.log ? 3 : 1 }, y: { distr: y.log ? 3 : 1 } },
    axes: [axis(x), { ...axis(y), size: 60 }],
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
