// SPDX-License-Identifier: Apache-2.0
import { ENOUGH, productOf, settingOf } from "./intermediaries.js";
import { rows } from "./rows.js";

/**
 * A setting of an intermediary that lets connections live with the service's default heartbeat.
 * @typedef {object} Offer
 * @property {string} product
 * @property {string} setting its name
 * @property {string} [line] to copy; undefined if the product has no lines of text to configure it
 * @property {string} [where] the line belongs
 * @property {boolean} tested whether Holdfast's tests run the product
 */

/**
 * @param {import("./result.js").Survival} survival
 * @returns {Offer[]} empty if no known product ended a connection, or if all its limits are long enough
 */
export function offers(survival) {
  const product = productOf(survival.between);
  if (!product) return [];
  const transports = rows(survival)
    .filter(({ limit: { died = Infinity, ending } }) => died < ENOUGH && ending?.by === "between" && ending.outcome === "cut")
    .flatMap(({ transports }) => transports);
  const settings = new Set(transports.flatMap((transport) => settingOf(product, transport) ?? []));
  return [...settings].map((setting) => ({
    product: product.name,
    setting,
    line: product.line?.replace("{setting}", setting).replace("{seconds}", String(ENOUGH / 1_000)),
    where: product.where ?? undefined,
    tested: product.tested,
  }));
}
