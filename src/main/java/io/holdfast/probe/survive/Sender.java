// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

/** Who sends heartbeats during a trial. */
enum Sender {
    /** The client sends and the service answers; on a stream the service sends, as the client cannot. */
    BOTH,
    CLIENT,
    SERVICE
}
