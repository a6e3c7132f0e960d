package io.holdfast.probe.compare;

import io.holdfast.probe.result.Percentiles;

/**
 * What events cost that were pushed one way.
 *
 * @param arrival from beginning to publish a message until the subscriber had it
 * @param perEvent bytes of one more event, heartbeats not among them
 */
public record Pushed(Push way, long events, Percentiles arrival, double perEvent) {}
