// SPDX-License-Identifier: Apache-2.0
/**
 * How many messages further `to` is than `from`; negative if it is before.
 * @param {string | undefined} from a position, `epoch:offset`
 * @param {string | undefined} to
 * @returns {number} not a number if they are of different histories, or one is not known
 */
export function distance(from, to) {
  const [epoch, offset] = parts(from);
  const [other, further] = parts(to);
  return epoch === other ? further - offset : Number.NaN;
}

/**
 * @param {string | undefined} position
 * @returns {[epoch: string, offset: number]}
 */
function parts(position = "") {
  const at = position.lastIndexOf(":");
  return [position.slice(0, at), at < 0 ? Number.NaN : Number(position.slice(at + 1))];
}
