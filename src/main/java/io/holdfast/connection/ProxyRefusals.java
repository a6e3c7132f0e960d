// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.Locale;
import org.springframework.stereotype.Component;

/** Counts connections to a port that takes the PROXY protocol, and that did not begin as they have to. Safe from any thread. */
@Component
public final class ProxyRefusals extends TransportCounts<ProxyRefusals.Reason> {

    /** Why a connection was closed. */
    public enum Reason {
        /** It came from an address that is not among {@code holdfast.proxies.trusted}. Nothing of it was read. */
        STRANGER,
        /** It does not begin with a header of the PROXY protocol, or with one that cannot be read. */
        BAD_HEADER,
        /** Its header was not complete within {@code holdfast.limits.handshake}. */
        TIMEOUT;

        /** The value of the metric tag {@code reason}. */
        public String tag() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public ProxyRefusals() {
        super(Reason.class);
    }
}
