// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads the events in which the service tells about the connection. */
final class ServerEvents {

    private static final JsonMapper JSON = new JsonMapper();

    private ServerEvents() {}

    static boolean isGoodbye(String json) {
        return json.startsWith("{\"type\":\"goodbye\"");
    }

    static boolean isWelcome(String json) {
        return json.startsWith("{\"type\":\"welcome\"");
    }

    /** The code of a goodbye; empty if it has none. */
    static String code(String json) {
        return field(json, "code");
    }

    /** The connection id of a welcome; empty if it has none. */
    static String connection(String json) {
        return field(json, "connection");
    }

    private static String field(String json, String name) {
        try {
            return JSON.readTree(json).path(name).asString("");
        } catch (JacksonException e) {
            return "";
        }
    }
}
