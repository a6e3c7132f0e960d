// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.Locale;
import org.springframework.stereotype.Component;

/** Counts what peers do wrong with TLS. Anybody can cause it, so it is not logged. Safe from any thread. */
@Component
public final class TlsRefusals extends TransportCounts<TlsRefusals.Reason> {

    /** Why a peer is refused. */
    public enum Reason {
        /** The handshake was not complete within {@code holdfast.limits.handshake}. */
        HANDSHAKE_TIMEOUT,
        /** The handshake failed for any reason that is not among the others. */
        HANDSHAKE_FAILED,
        /** The peer has no version of TLS that is enabled here. */
        VERSION,
        /** The peer sent plain text to a port that takes TLS. */
        PLAIN_ON_TLS,
        /** The peer began TLS on a port that takes plain text. */
        TLS_ON_PLAIN,
        /** One side does not accept the other's certificate, or misses it. */
        CERTIFICATE,
        /** A fault of TLS after the handshake: a record that is not valid, or an alert. */
        RECORD,
        /** A FIN without close_notify: whether all has arrived cannot be known. */
        TRUNCATED,
        /** The peer ended the connection before the handshake was complete. */
        ABANDONED,
        /** The certificate of this service is not one of the host that the peer asks for. */
        SNI;

        /** The value of the metric tag {@code reason}. */
        public String tag() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public TlsRefusals() {
        super(Reason.class);
    }
}
