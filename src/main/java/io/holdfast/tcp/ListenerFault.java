// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.fault.Fault;

/**
 * What happens on each connection of a listener.
 *
 * @param heartbeat its heartbeats, the usual ones if no others are set
 * @param answersPings whether the peer's pings are answered
 */
record ListenerFault(Fault fault, HeartbeatSpec heartbeat, boolean answersPings) {}
