// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What all nodes have to know about access. Safe from any thread; nothing blocks. */
public interface AccessStore {

    /** Whether all revocations have been handed to the listener. Until then no token can be accepted. */
    boolean isReady();

    /** Refuses tokens on every node. Done when it is stored; a failure means that it may not be. */
    CompletionStage<Void> revoke(Revocation revocation);

    /** Has every node close the connections of a subject. */
    CompletionStage<Void> disconnect(String subject);

    /**
     * Keeps a ticket, on any node, until it is taken.
     *
     * @param id of the ticket
     * @param owner what {@link #take} returns
     */
    CompletionStage<Void> put(String id, String owner, Duration validity);

    /** Takes a ticket, once; empty if there is none, or no longer. */
    CompletionStage<Optional<String>> take(String id);

    /** Is told what any node does. To be called once, before anything else. */
    void listen(Listener listener);

    /** Hears what any node does, this one included. Called by any thread; must not block. */
    interface Listener {

        /** Also for each revocation that was found in the store; may come more than once. */
        void revoked(Revocation revocation);

        void disconnected(String subject);
    }
}
