package io.holdfast.probe.result;

import java.io.PrintWriter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as commands print and read it. Loading it takes a third of a second, so use it after the measurement. */
public final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    public static void print(PrintWriter out, Object result) {
        out.println(MAPPER.writeValueAsString(result));
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
