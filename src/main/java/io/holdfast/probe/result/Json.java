// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.result;

import java.io.PrintWriter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as commands print and read it. Loading it takes a third of a second, so use it after the measurement. */
public final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Raised if a field goes or changes its meaning; not if there is a new one. */
    private static final int VERSION = 1;

    private Json() {}

    /**
     * Prints the result of a command as one object.
     *
     * @param command as {@code load echo}
     * @param complete false if the user ended it, so that the result is what was measured until then
     * @param result what becomes an object: a record or a map
     */
    public static void print(PrintWriter out, String command, boolean complete, Object result) {
        ObjectNode document = MAPPER.createObjectNode()
                .put("command", command)
                .put("version", VERSION)
                .put("complete", complete);
        MAPPER.valueToTree(result).properties().forEach(field -> document.set(field.getKey(), field.getValue()));
        out.println(MAPPER.writeValueAsString(document));
    }

    /**
     * Parses what a server sent.
     *
     * @throws JacksonException if it is not JSON
     */
    public static JsonNode read(String text) {
        return MAPPER.readTree(text);
    }
}
