// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Which handshakes are handled here. All other requests on the same paths are left to other mappings. */
final class HandshakeMapping extends SimpleUrlHandlerMapping {

    /** @param handlers of handshakes, by path */
    HandshakeMapping(Map<String, ?> handlers, int order) {
        super(handlers, order);
    }

    @Override
    protected @Nullable Object getHandlerInternal(HttpServletRequest request) throws Exception {
        return HandshakeRules.isHandshake(request) ? super.getHandlerInternal(request) : null;
    }
}
