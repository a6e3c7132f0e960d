// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Combines the lines of an event stream to events (HTML, section 9.2.6), as far as a measurement needs it: names and
 * data. Confined to one event loop.
 */
final class EventLines {

    private @Nullable String name;
    private @Nullable StringBuilder data;

    /** Takes one line without its line end. Returns true if it was a comment. */
    boolean isComment(ByteBuf line, ClientConnection connection, Listener listener) {
        if (!line.isReadable()) {
            dispatch(connection, listener);
            return false;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        if (colon == 0) {
            return true;
        }
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
        if (field.equals("event")) {
            name = value;
        } else if (field.equals("data")) {
            data = data == null ? new StringBuilder(value) : data.append('\n').append(value);
        }
        return false;
    }

    private void dispatch(ClientConnection connection, Listener listener) {
        String event = name;
        StringBuilder complete = data;
        name = null;
        data = null;
        if (complete == null) {
            return;
        }
        ByteBuf bytes = Unpooled.copiedBuffer(complete, StandardCharsets.UTF_8);
        if (event == null || event.isEmpty()) {
            listener.message(connection, bytes);
        } else {
            listener.event(connection, event, bytes);
        }
    }
}
