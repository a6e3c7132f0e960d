// SPDX-License-Identifier: Apache-2.0
import { changes } from "../../client/compare/changes.js";
import { ComparisonRun } from "../../client/compare/comparison.js";
import { MOST_SHORT, Pace } from "../../client/compare/pace.js";
import { COUNTS, comparisonShape, ROUNDS, SIZES } from "../../client/compare/result.js";
import { asText, CAVEATS, FIGURES, headline, summary } from "../../client/compare/words.js";
import { WAYS, wayOf } from "../../client/compare/ways.js";
import { spoken } from "../../client/survive/durations.js";
import { element, field, say } from "../element.js";
import { LineChart } from "../line-chart/line-chart.js";
import { Measuring } from "../measuring/measuring.js";
import { resultTable } from "../measuring/table.js";
import { curves, series } from "./charts.js";

/** @typedef {import("../../client/compare/result.js").Comparison} Comparison */

/**
 * Sends the same messages on every way that a browser has, and shows their times and bytes.
 * @extends {Measuring<Comparison>}
 */
export class CompareView extends Measuring {
  #size = element("input", { "data-part": "size", type: "number", value: 64, min: SIZES.least, max: SIZES.most, required: true });
  #count = element("input", { "data-part": "count", type: "number", value: 200, min: COUNTS.least, max: COUNTS.most, required: true });
  #note = element("p", { class: "plan-note", "data-part": "estimate" });
  #summary = element("div", { class: "verdict", "data-part": "verdict" });
  #table = element("div", { class: "result-table", "data-part": "table" });
  #unseen = element("ul", { class: "notes", "data-part": "missing" });
  #series = new LineChart();
  #curves = new LineChart();
  #charts = element("div", { class: "charts" }, this.#series, this.#curves);
  #listening = new AbortController();

  constructor() {
    super({
      view: "compare",
      title: "Compare",
      intro: `Times and bytes of a message on each transport, from this browser. The page sends the same number of messages on each way, each when the previous one is back: on a kept connection, and with a new connection for each (at most ${MOST_SHORT}). It does so in ${ROUNDS} rounds, to see how much the times vary.`,
      shape: comparisonShape,
      asText,
      headline,
      changes,
    });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#listening = new AbortController();
    this.addEventListener("input", () => this.#estimate(), { signal: this.#listening.signal });
    this.#estimate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  /** @param {string} link */
  show(link) {
    super.show(link);
    this.#estimate();
  }

  #estimate() {
    const count = this.#count.valueAsNumber;
    say(this.#note, this.#count.checkValidity()
      ? `Takes about ${about(new Pace(count).left)}, by the page’s requests so far. Keep this page in front meanwhile.`
      : "");
  }

  /** @protected */
  notes() {
    return [this.#note];
  }

  /** @protected */
  pictured() {
    return [this.#summary, this.#table, this.#charts];
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
      const { way, round, done, of, left } = run.progress;
      tell(`Round ${round} of ${ROUNDS}, ${way.name}: ${done.toLocaleString("en")} of ${of.toLocaleString("en")} messages, about ${about(left)} left`, done / of);
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
      this.#charts,
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
    return of ? [{ name, cells: FIGURES.map(({ show }) => show(of)), attributes: { "data-way": id } }] : [];
  });
  const columns = FIGURES.map(({ id, name }) => ({ name, attributes: { class: "number", "data-figure": id } }));
  return resultTable(`${count} messages of ${size} bytes per way`, "Way", columns, rows);
}

/** @param {number} milliseconds */
function about(milliseconds) {
  return spoken(Math.max(1_000, Math.round(milliseconds / 1_000) * 1_000));
}
