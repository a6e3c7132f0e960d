// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a client is on the same machine, as far as can be told; if not, why. */
public enum Locality {
    LOCAL(null),
    OTHER_ADDRESS("its address is not a loopback address"),
    OTHER_HOST("the Host that it asked for is not localhost or a loopback address"),
    PROXY("a header tells that it came through a proxy"),
    /** The default of proxies that add no header. */
    OLD_HTTP("it speaks HTTP/1.0, as a proxy may do on behalf of others"),
    FOREIGN_PAGE("a page of another site sent it");

    private final @Nullable String because;

    Locality(@Nullable String because) {
        this.because = because;
    }

    /** Why it is not local, as a part of a sentence. */
    String because() {
        return because == null ? name().toLowerCase(Locale.ROOT) : because;
    }
}
