// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.ProxyRefusals;
import io.holdfast.connection.TlsRefusals;
import io.netty.channel.ChannelException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection ended before its listener's protocol began, or because of TLS. */
enum HandshakeFailure {
    /** Bytes without TLS on a port that requires it. */
    PLAIN_TEXT(CloseReason.BAD_PROTOCOL, TlsRefusals.Reason.PLAIN_ON_TLS),
    /** TLS on a port that does not have it. */
    TLS(CloseReason.BAD_PROTOCOL, TlsRefusals.Reason.TLS_ON_PLAIN),
    /** No common version of TLS, as with TLS 1.0. */
    VERSION(CloseReason.BAD_PROTOCOL, TlsRefusals.Reason.VERSION),
    /** One side does not accept the other's certificate, or has none. */
    CERTIFICATE(CloseReason.BAD_PROTOCOL, TlsRefusals.Reason.CERTIFICATE),
    /** Any other fault of the handshake. */
    HANDSHAKE(CloseReason.BAD_PROTOCOL, TlsRefusals.Reason.HANDSHAKE_FAILED),
    /** A fault of TLS after the handshake: a record that is not valid, or an alert. */
    RECORD(CloseReason.BAD_PROTOCOL, TlsRefusals.Reason.RECORD),
    /** A FIN without close_notify: whether all has arrived cannot be known. */
    TRUNCATED(CloseReason.CLIENT, TlsRefusals.Reason.TRUNCATED),
    /** It took longer than {@code holdfast.limits.handshake}. */
    TIMEOUT(CloseReason.TIMEOUT, TlsRefusals.Reason.HANDSHAKE_TIMEOUT),
    /** The peer ended the connection before the handshake was complete. */
    ABANDONED(CloseReason.CLIENT, TlsRefusals.Reason.ABANDONED),
    /** The PROXY protocol from an address that is not trusted. */
    STRANGER(CloseReason.BAD_PROTOCOL, ProxyRefusals.Reason.STRANGER),
    /** A trusted proxy that sent no header of the PROXY protocol, or one that is not valid. */
    PROXY_HEADER(CloseReason.BAD_PROTOCOL, ProxyRefusals.Reason.BAD_HEADER);

    private final CloseReason reason;
    private final TlsRefusals.@Nullable Reason ofTls;
    private final ProxyRefusals.@Nullable Reason ofProxy;

    HandshakeFailure(CloseReason reason, TlsRefusals.Reason ofTls) {
        this.reason = reason;
        this.ofTls = ofTls;
        this.ofProxy = null;
    }

    HandshakeFailure(CloseReason reason, ProxyRefusals.Reason ofProxy) {
        this.reason = reason;
        this.ofTls = null;
        this.ofProxy = ofProxy;
    }

    /** As it is counted, if it is of TLS. */
    TlsRefusals.@Nullable Reason ofTls() {
        return ofTls;
    }

    /** As it is counted, if it is of the PROXY protocol. */
    ProxyRefusals.@Nullable Reason ofProxy() {
        return ofProxy;
    }

    CloseReason reason() {
        return reason;
    }

    /** What made a TLS handshake fail. The JDK has no types for most of it, but its messages are not translated. */
    static HandshakeFailure of(Throwable failure) {
        if (chain(failure).anyMatch(NotSslRecordException.class::isInstance)) {
            return PLAIN_TEXT;
        }
        if (chain(failure).anyMatch(CertificateException.class::isInstance) || says(failure, "certificate")) {
            return CERTIFICATE;
        }
        if (says(failure, "protocol")) {
            return VERSION;
        }
        boolean ended = chain(failure)
                .anyMatch(cause -> cause instanceof ClosedChannelException || cause instanceof ChannelException);
        return ended || chain(failure).noneMatch(SSLException.class::isInstance) ? ABANDONED : HANDSHAKE;
    }

    private static boolean says(Throwable failure, String word) {
        return chain(failure)
                .filter(SSLException.class::isInstance)
                .map(Throwable::getMessage)
                .anyMatch(message ->
                        message != null && message.toLowerCase(Locale.ROOT).contains(word));
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }
}
