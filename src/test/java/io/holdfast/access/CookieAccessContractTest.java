// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A poll, and a publish by POST, of a page that has the token in a cookie. */
class CookieAccessContractTest extends AccessContract {

    @Override
    String attempt(@Nullable String token, What what) throws IOException {
        String cookie = token == null ? null : "Cookie: theme=dark; holdfast_token=" + token;
        return what.action() == Action.PUBLISH
                ? request("POST", "/channels/" + what.channel(), cookie, "hello")
                : request("GET", "/channels/" + what.channel() + "/messages", cookie, "");
    }
}
