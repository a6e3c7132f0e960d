import { ComparisonRun, MOST_SHORT } from "../../client/compare/comparison.js";
import { COUNTS, comparisonShape, SIZES } from "../../client/compare/result.js";
import { asText, CAVEATS, FIGURES, summary } from "../../client/compare/words.js";
import { WAYS, wayOf } from "../../client/compare/ways.js";
import { element, field } from "../element.js";
import { LineChart } from "../line-chart/line-chart.js";
import { Measuring } from "../measuring/measuring.js";
import { curves, series } from "./charts.js";

/** @typedef {import("../../client/compare/result.js").Comparison} Comparison */

/**
 * Sends the same messages on every way that a browser has, and shows their times and bytes.
 * @extends {Measuring<Comparison>}
 */
export class CompareView extends Measuring {
  #size = element("input", { "data-part": "size", type: "number", value: 64, min: SIZES.least, max: SIZES.most, required: true });
  #count = element("input", { "data-part": "count", type: "number", value: 200, min: COUNTS.least, max: COUNTS.most, required: true });
  #summary = element("div", { class: "verdict", "data-part": "verdict" });
  #table = element("div", { class: "result-table", tabindex: 0, role: "region", "aria-label": "Figures", "data-part": "table" });
  #unseen = element("ul", { class: "notes", "data-part": "missing" });
  #series = new LineChart();
  #curves = new LineChart();

  constructor() {
    super({
      view: "compare",
      title: "Compare",
      intro: `Times and bytes of a message on each transport, from this browser. The page sends the same number of messages on one way after the other, each when the previous one is back: first on one kept connection, then with a new connection for each (at most ${MOST_SHORT}).`,
      shape: comparisonShape,
      asText,
    });
  }

  /** @protected */
  settings() {
    return [
      field(`Bytes per message (1 to ${SIZES.most.toLocaleString("en")})`, this.#size),
      field(`Messages (${COUNTS.least} to ${COUNTS.most.toLocaleString("en")})`, this.#count),
    ];
  }

  /**
   * @protected
   * @param {AbortSignal} signal
   * @param {(text: string, share: number) => void} tell
   */
  measure(signal, tell) {
    const plan = { size: this.#size.valueAsNumber, count: this.#count.valueAsNumber };
    const run = new ComparisonRun(plan, this.label, signal);
    const show = () => {
      const { way, done, of } = run.progress;
      tell(`${way.name}: ${done.toLocaleString("en")} of ${of.toLocaleString("en")} messages`, done / of);
    };
    run.addEventListener("progress", show);
    show();
    return run.run();
  }

  /** @protected */
  parts() {
    return [
      element("section", {}, element("h3", {}, "What it means"), this.#summary),
      element("section", {}, element("h3", {}, "Figures"), this.#table, this.#unseen),
      element("div", { class: "charts" }, this.#series, this.#curves),
      element(
        "section",
        {},
        element("h3", {}, "How to read them"),
        element("dl", { class: "meanings" }, ...FIGURES.map(({ name, meaning }) =>
          element("div", {}, element("dt", {}, name), element("dd", {}, meaning)))),
      ),
      element("ul", { class: "notes" }, ...CAVEATS.map((caveat) => element("li", {}, caveat))),
    ];
  }

  /**
   * @protected
   * @param {Comparison} comparison
   */
  render(comparison) {
    const { size, count, measured, missing } = comparison;
    this.#summary.replaceChildren(...summary(comparison).map((text) => element("p", {}, text)));
    this.#table.replaceChildren(table(comparison));
    this.#unseen.replaceChildren(
      ...missing.map(({ way, why }) => element("li", {}, `${wayOf(way).name}: ${why}.`)),
      ...measured.filter(({ uncounted }) => uncounted).map(({ way, uncounted }) =>
        element("li", {}, `Bytes of ${wayOf(way).name}: ${uncounted}.`)),
    );
    this.#unseen.hidden = this.#unseen.childElementCount === 0;
    this.#size.valueAsNumber = size;
    this.#count.valueAsNumber = count;
    this.#series.chart = series(comparison);
    this.#curves.chart = curves(comparison);
  }
}

/** @param {Comparison} comparison */
function table({ size, count, measured }) {
  const rows = WAYS.flatMap(({ id, name }) => {
    const of = measured.find(({ way }) => way === id);
    if (!of) return [];
    const cells = FIGURES.map(({ id: figure, show }) => element("td", { class: "number", "data-figure": figure }, show(of)));
    return [element("tr", { "data-way": id }, element("th", { scope: "row" }, name), ...cells)];
  });
  return element(
    "table",
    {},
    element("caption", { class: "unseen" }, `${count} messages of ${size} bytes per way`),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Way"), ...FIGURES.map(({ name }) =>
      element("th", { scope: "col", class: "number" }, name)))),
    element("tbody", {}, ...rows),
  );
}
