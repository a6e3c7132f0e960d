// SPDX-License-Identifier: Apache-2.0
import { roundTrip, SHARES } from "../../client/compare/result.js";
import { wayOf } from "../../client/compare/ways.js";
import { milliseconds } from "../format.js";

/** @typedef {import("../../client/compare/result.js").Comparison} Comparison */
/** @typedef {import("../line-chart/line-chart.js").Chart} Chart */

/** The lowest value of a logarithmic axis: a step of the browser's clock. */
const LEAST = 0.1;

/** The curve's last point is the maximum. It is drawn where one in 2,000 would be. */
const RAREST = 1 / 2_000;

const y = { name: "Round trip", log: true, show: duration };

/**
 * @param {Comparison} comparison
 * @returns {Chart}
 */
export function series({ measured }) {
  const longest = Math.max(1, ...measured.map(({ series: { length } }) => length));
  return {
    title: "Round trips in their order",
    description: `Round trips in the order of the messages. ${ranges(measured)}`,
    x: { name: "Part of the run", show: (share) => `${Math.round(share)} %` },
    y,
    start: longest - 1,
    xs: Array.from({ length: longest }, (_, at) => (longest === 1 ? 100 : (100 * at) / (longest - 1))),
    lines: measured.map((way) => ({ ...look(way.way), values: spread(way.series, longest) })),
  };
}

/**
 * @param {Comparison} comparison
 * @returns {Chart}
 */
export function curves({ measured }) {
  return {
    title: "Round trips by percentile",
    description: `Round trips by percentile. ${ranges(measured)}`,
    x: { name: "Share of the round trips that took no longer", log: true, show: percent, marks: [2, 10, 100, 1 / RAREST] },
    y,
    start: SHARES.indexOf(0.5),
    // Each mark to the right is ten times as rare: transports differ in rare round trips.
    xs: SHARES.map((share) => 1 / Math.max(RAREST, 1 - share)),
    lines: measured.map((way) => ({ ...look(way.way), values: way.curve.map((value) => Math.max(LEAST, value)) })),
  };
}

/** @param {import("../../client/compare/result.js").Measured[]} measured */
function ranges(measured) {
  return measured
    .map((way) => `${wayOf(way.way).name}: half within ${milliseconds(roundTrip(way, 0.5))}, all within ${milliseconds(roundTrip(way, 1))}.`)
    .join(" ");
}

/** @param {string} id */
function look(id) {
  const { name, transport, short } = wayOf(id);
  return { name, color: `--plot-${transport}`, dashed: short };
}

/**
 * Spreads the values over the whole x axis.
 * @param {number[]} values
 * @param {number} length
 */
function spread(values, length) {
  return Array.from({ length }, (_, at) => Math.max(LEAST, values[Math.floor((at * values.length) / length)]));
}

/** @param {number} value of milliseconds */
function duration(value) {
  return value >= 1000 ? `${value / 1000} s` : `${Number(value.toPrecision(3))} ms`;
}

/** @param {number} rareness */
function percent(rareness) {
  if (rareness * RAREST > 0.99) return "all";
  return `${Number((100 * (1 - 1 / rareness)).toFixed(2))} %`;
}
