// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes spans of what becomes of messages. Nothing blocks. Safe from any thread. */
public interface MessageTracing {

    /** No spans: messages keep the trace context that their publishers gave them. */
    MessageTracing NONE = new MessageTracing() {

        @Override
        public @Nullable Publish publish(String channel, Draft draft, String transport) {
            return null;
        }

        @Override
        public void fannedOut(List<Message> messages, int subscribers, long nanos) {}
    };

    /**
     * A draft is about to be published.
     *
     * @param transport by which it came, as {@code http}
     * @return null if there is no span for it
     */
    @Nullable
    Publish publish(String channel, Draft draft, String transport);

    /**
     * Messages were handed to all subscribers of a channel on this node.
     *
     * @param nanos how long that took, until now
     */
    void fannedOut(List<Message> messages, int subscribers, long nanos);

    /** The span of a publish. One of its ends has to be called, once. */
    interface Publish {

        /** What the message carries. */
        TraceContext context();

        void published(Published published);

        void failed(UnavailableException cause);
    }
}
