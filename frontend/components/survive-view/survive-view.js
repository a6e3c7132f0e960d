// SPDX-License-Identifier: Apache-2.0
import { spoken } from "../../client/survive/durations.js";
import { survivalShape } from "../../client/survive/result.js";
import { duration, Survey } from "../../client/survive/survey.js";
import { NAMES, TRANSPORTS } from "../../client/survive/trial.js";
import { changes } from "../../client/survive/changes.js";
import { headline } from "../../client/survive/headline.js";
import { offers } from "../../client/survive/offers.js";
import { rows } from "../../client/survive/rows.js";
import { verdict } from "../../client/survive/verdict.js";
import { asText, CAVEATS, COLUMNS, DETAILS, nameOf } from "../../client/survive/words.js";
import { element, field, say } from "../element.js";
import { Measuring } from "../measuring/measuring.js";
import { copy } from "../measuring/save.js";
import { resultTable } from "../measuring/table.js";
import { TrialChart } from "../trial-chart/trial-chart.js";
import { heartbeat, silences } from "./fields.js";

/** @typedef {import("../../client/survive/result.js").Survival} Survival */
/** @typedef {import("../../client/survive/survey.js").Options} Options */

const TICK = 250;

/**
 * Measures how long connections may be silent, who ends them, and which heartbeat keeps them open.
 * @extends {Measuring<Survival>}
 */
export class SurviveView extends Measuring {
  #transports = TRANSPORTS.map((transport) =>
    element("input", { type: "checkbox", checked: true, name: transport, "data-part": `transport-${transport}` }));
  #silences = element("input", { "data-part": "silences", value: "1, 2, 5, 10, 20, 30, 60", required: true, autocomplete: "off" });
  #heartbeat = element("input", { "data-part": "heartbeat", value: "25", autocomplete: "off" });
  #note = element("p", { class: "plan-note", "data-part": "estimate" });
  #live = new TrialChart();
  #verdict = element("div", { class: "verdict", "data-part": "verdict" });
  #offers = element("div", { class: "offers", "data-part": "offers" });
  #table = element("div", { class: "result-table", "data-part": "table" });
  #chart = new TrialChart();
  #details = element("div", { class: "result-table", "data-part": "details" });
  #listening = new AbortController();

  constructor() {
    super({
      view: "survive",
      title: "Survive",
      intro: "How long may a connection between this browser and this service be silent before something ends it? The page opens connections on each transport and sends nothing on them, each for a different time. If some end, further connections narrow the limit down to a tenth, and half of it is tried as the heartbeat.",
      shape: survivalShape,
      asText,
      headline,
      changes,
    });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#listening = new AbortController();
    this.addEventListener("input", () => this.#check(), { signal: this.#listening.signal });
    this.#check();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  /** @protected */
  settings() {
    return [
      element("fieldset", {}, element("legend", {}, "Transports"), ...this.#transports.map((box, at) =>
        element("label", { class: "check" }, box, NAMES[TRANSPORTS[at]]))),
      field("Silences, in seconds", this.#silences),
      field("Heartbeat to try, in seconds", this.#heartbeat),
    ];
  }

  /** @protected */
  notes() {
    return [this.#note];
  }

  /** @protected */
  live() {
    return [this.#live];
  }

  /**
   * @protected
   * @param {AbortSignal} signal
   * @param {(text: string, share: number) => void} tell
   */
  async measure(signal, tell) {
    const options = this.#options();
    const survey = new Survey(options, this.label, this.token, signal);
    const expected = duration(options);
    const show = () => {
      const spans = survey.trials.map(({ plan, opened, silentFrom, finding }) => ({ ...plan, opened, silentFrom, ...finding }));
      this.#live.draw(options.transports, spans, survey.now);
      tell(`${survey.phase}. ${waitedFor(survey)}`, progress(survey, expected));
    };
    survey.addEventListener("change", show);
    const timer = setInterval(show, TICK);
    try {
      return await survey.run();
    } finally {
      clearInterval(timer);
    }
  }

  /** @protected */
  parts() {
    const details = element("details", {}, element("summary", {}, "Every connection"), this.#details);
    return [
      element("section", {}, element("h3", {}, "Verdict"), this.#verdict, this.#offers),
      element("section", {}, element("h3", {}, "Transports"), this.#table),
      element("section", {}, element("h3", {}, "Connections over time"), this.#chart, details),
      element(
        "section",
        {},
        element("h3", {}, "How to read it"),
        element("dl", { class: "meanings" }, ...COLUMNS.map(({ name, meaning }) =>
          element("div", {}, element("dt", {}, name), element("dd", {}, meaning)))),
      ),
      element("ul", { class: "notes" }, ...CAVEATS.map((caveat) => element("li", {}, caveat))),
    ];
  }

  /**
   * @protected
   * @param {Survival} survival
   */
  render(survival) {
    this.#verdict.replaceChildren(...verdict(survival).map((text) => element("p", {}, text)));
    this.#offers.replaceChildren(...offers(survival).map(offer));
    this.#table.replaceChildren(resultTable(
      "Results of the transports",
      "Transport",
      COLUMNS,
      rows(survival).map((row) => ({ name: nameOf(row), cells: COLUMNS.map(({ show }) => show(row)) })),
    ));
    this.#chart.draw(survival.transports, survival.findings);
    this.#details.replaceChildren(resultTable(
      "Every connection",
      "Connection",
      DETAILS,
      survival.findings.map((finding) => ({ name: NAMES[finding.transport], cells: DETAILS.map(({ show }) => show(finding)) })),
    ));
  }

  /** @protected */
  pictured() {
    return [this.#verdict, this.#offers, this.#table, this.#chart];
  }

  /** @returns {Options} */
  #options() {
    return {
      transports: TRANSPORTS.filter((_, at) => this.#transports[at].checked),
      silences: silences(this.#silences.value) ?? [],
      heartbeat: heartbeat(this.#heartbeat.value) ?? undefined,
    };
  }

  #check() {
    const options = this.#options();
    this.#transports[0].setCustomValidity(options.transports.length > 0 ? "" : "Choose at least one transport.");
    this.#silences.setCustomValidity(options.silences.length > 0 ? "" : "1 to 16 silences from 0.5 to 3600 seconds, as 1, 2, 5, 10, 20, 30, 60");
    this.#heartbeat.setCustomValidity(heartbeat(this.#heartbeat.value) !== null ? "" : "Nothing, or 0.5 to 3600 seconds, as 25");
    const time = spoken(Math.round(duration(options) / 1000) * 1000);
    say(this.#note, options.transports.length > 0 && options.silences.length > 0
      ? `Takes about ${time}. If connections end, up to three times as long, to find the exact limit and to try the heartbeat. Keep this page in front meanwhile.`
      : "");
  }
}

/** @param {Survey} survey */
function waitedFor(survey) {
  const running = survey.trials.filter(({ opened, finding }) => opened !== undefined && !finding);
  const waiting = survey.trials.filter(({ opened }) => opened === undefined).length;
  const left = running.map(({ plan, silence }) => plan.silence - silence).filter((rest) => rest > 0);
  if (running.length === 0) return "";
  const longest = left.length > 0 ? `, ${spoken(Math.ceil(Math.max(...left) / 1000) * 1000)} left at most` : "";
  return `Waiting for ${running.length} silent ${running.length === 1 ? "connection" : "connections"}${longest}${waiting > 0 ? `; ${waiting} more to start` : ""}.`;
}

/**
 * @param {Survey} survey
 * @param {number} expected milliseconds
 */
function progress({ now, trials }, expected) {
  const ends = trials.map(({ plan, opened, finding }) => finding?.ended ?? (opened ?? now) + plan.silence);
  return now / Math.max(expected, ...ends);
}

/**
 * A setting of a proxy, to copy if it is a line of text.
 * @param {import("../../client/survive/offers.js").Offer} offer
 */
function offer({ product, setting, line, where, tested }) {
  const origin = tested ? `Holdfast’s tests run ${product} with it.` : `Not tested by Holdfast: from the documentation of ${product}.`;
  if (line === undefined) return element("p", {}, `${product}: raise ${setting}. ${origin}`);
  const code = element("code", {}, line);
  const button = element("button", { type: "button", "data-part": "copy-setting", "aria-label": `Copy ${line}` }, "Copy");
  const done = element("output", {});
  button.addEventListener("click", async () => say(done, await copy(line, code)));
  return element("div", { class: "offer" }, element("p", {}, `In ${product}, ${where}:`), code, button, done, element("p", { class: "offer-origin" }, origin));
}
