// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.connection.ProxyRefusals;
import io.holdfast.connection.TlsRefusals;
import io.holdfast.connection.Transport;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Counts connections that did not get to their protocol, by why. Safe from any thread. */
@Component
final class HandshakeFailures {

    private static final Logger log = LoggerFactory.getLogger(HandshakeFailures.class);

    private final TlsRefusals tls;
    private final ProxyRefusals proxies;

    HandshakeFailures(TlsRefusals tls, ProxyRefusals proxies) {
        this.tls = tls;
        this.proxies = proxies;
    }

    /** @param cause null if there is no more to say */
    void failed(Channel channel, HandshakeFailure failure, @Nullable Throwable cause) {
        if (failure.ofTls() != null) {
            tls.count(Transport.TCP, failure.ofTls());
        }
        if (failure.ofProxy() != null) {
            proxies.count(Transport.TCP, failure.ofProxy());
        }
        log.debug("{} ended: {}{}", channel, failure, cause == null ? "" : ", " + cause);
    }

    long count(HandshakeFailure failure) {
        return failure.ofTls() != null
                ? tls.sum(Transport.TCP, failure.ofTls())
                : failure.ofProxy() != null ? proxies.sum(Transport.TCP, failure.ofProxy()) : 0;
    }
}
