// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.result.Percentiles;

/**
 * What pushed events cost on one way.
 *
 * @param arrival from the start of publishing a message until the subscriber received it
 * @param perEvent bytes per event, without heartbeats
 */
public record Pushed(Push way, long events, Percentiles arrival, double perEvent) {}
