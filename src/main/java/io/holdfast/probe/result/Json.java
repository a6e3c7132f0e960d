package io.holdfast.probe.result;

import java.io.PrintWriter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as commands print and read it. Takes a third of a second to load: not for what comes first. */
public final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    public static void print(PrintWriter out, Object result) {
        out.println(MAPPER.writeValueAsString(result));
    }

    /**
     * Reads what a server sent.
     *
     * @throws JacksonException if it is no JSON
     */
    public static JsonNode read(String text) {
        return MAPPER.readTree(text);
    }
}
