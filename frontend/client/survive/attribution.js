// SPDX-License-Identifier: Apache-2.0
/** @typedef {import("./trial.js").Finding} Finding */

/**
 * What the service knows of a connection.
 * @typedef {object} Known
 * @property {boolean} [isOpen] whether it is in the list of open connections; undefined if that could not be read
 * @property {string} [reason] why it was closed; undefined if that is not known
 */

/** The close reason of what the service takes for its client. */
const BY_CLIENT = "client";

/** The close reason of a stream whose last event was sent: too late for a browser that saw an end before. */
const COMPLETED = "completed";

/** The close reason of a connection whose heartbeats were not answered. */
const NO_PONG = "no-pong";

/**
 * Concludes who ended a connection, as the command line does: the service's record decides, if it can be read. How the
 * end looked is weaker evidence, since a proxy can end a response in good order, and a service can close without a word.
 * @param {Finding} finding gets the conclusion
 * @param {Known} known
 * @param {string | undefined} between name of an intermediary, if one sends it
 */
export function attribute(finding, { isOpen, reason }, between) {
  const isDropped = finding.outcome === "dropped";
  const isByOther = reason === BY_CLIENT || reason === COMPLETED;
  if (reason !== undefined && !isByOther && !(isDropped && reason === NO_PONG)) {
    Object.assign(finding, { by: "service", certain: true, how: `${finding.how}, ${reason}` });
    return;
  }
  if (!isDropped && (isOpen || isByOther)) Object.assign(finding, { by: "between", certain: true });
  else if (!isDropped && finding.by === "between" && between === undefined) finding.by = "unknown";
  if (finding.by === "between" && isOpen !== undefined) finding.noticed = !isOpen && reason !== COMPLETED;
}

/**
 * @param {Finding} finding
 * @param {string | undefined} between
 * @returns {string} who ended it, as part of a sentence
 */
export function culprit({ by, certain, outcome }, between) {
  if (by === "service") return certain ? "the service" : "most likely the service";
  if (by !== "between") return "unknown";
  // Products that send their name close connections. Whatever drops them silently does not send a name.
  if (outcome === "dropped") return "a silent drop";
  if (between === undefined) return "an unnamed intermediary";
  return certain ? between : `most likely ${between}`;
}
