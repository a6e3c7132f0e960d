// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A stream, and a publish by POST. */
class HttpAccessContractTest extends AccessContract {

    @Override
    String attempt(@Nullable String token, What what) throws IOException {
        boolean publishes = what.action() == Action.PUBLISH;
        return request(
                publishes ? "POST" : "GET", "/channels/" + what.channel(), bearer(token), publishes ? "hello" : "");
    }
}
