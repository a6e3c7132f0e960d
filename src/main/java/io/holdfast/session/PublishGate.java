// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.channel.Channels;
import io.holdfast.connection.Acceptor;
import org.springframework.stereotype.Component;

/** Refuses messages while the service stops. */
@Component
final class PublishGate implements Acceptor {

    private final Channels channels;

    PublishGate(Channels channels) {
        this.channels = channels;
    }

    @Override
    public void startAccepting() {
        channels.acceptMessages(true);
    }

    @Override
    public void stopAccepting() {
        channels.acceptMessages(false);
    }
}
