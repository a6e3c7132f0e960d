// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

/** Accepts something new from peers: connections of one transport, or messages. */
public interface Acceptor {

    /** The service starts. */
    default void startAccepting() {}

    /** The service is stopping: nothing new is accepted. Open connections stay open. */
    void stopAccepting();
}
