// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One example of openapi.json: what has the same name in the parameters, the body and the answer of an operation.
 *
 * @param mediaType of the answer
 * @param content of the answer, with its schema and its examples
 */
record OpenApiExample(
        ApiDocuments documents,
        String path,
        String method,
        JsonNode operation,
        List<JsonNode> parameters,
        String name,
        int status,
        String mediaType,
        JsonNode content) {

    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

    /** All of a document, in its order. */
    static List<OpenApiExample> of(ApiDocuments documents) {
        List<OpenApiExample> examples = new ArrayList<>();
        documents
                .openApi()
                .get("paths")
                .forEachEntry((path, item) -> METHODS.stream()
                        .filter(item::has)
                        .forEach(method -> add(documents, path, method, item, examples)));
        return examples;
    }

    private static void add(
            ApiDocuments documents, String path, String method, JsonNode item, List<OpenApiExample> examples) {
        JsonNode operation = item.get(method);
        List<JsonNode> parameters = new ArrayList<>();
        item.path("parameters").forEach(parameter -> parameters.add(documents.resolve(parameter)));
        operation.path("parameters").forEach(parameter -> parameters.add(documents.resolve(parameter)));
        operation
                .get("responses")
                .forEachEntry((status, response) -> documents
                        .resolve(response)
                        .path("content")
                        .forEachEntry((mediaType, content) -> content.path("examples")
                                .forEachEntry((name, example) -> examples.add(new OpenApiExample(
                                        documents,
                                        path,
                                        method,
                                        operation,
                                        parameters,
                                        name,
                                        Integer.parseInt(status),
                                        mediaType,
                                        content)))));
    }

    String id() {
        return operation.get("operationId").asString() + " " + name + " " + status;
    }

    /** What is answered. */
    JsonNode answer() {
        return content.get("examples").get(name).get("value");
    }

    /** The path with its variables, and the query. */
    String target() {
        String filled = path;
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : parameters) {
            String key = parameter.get("name").asString();
            JsonNode value = value(parameter);
            if (value != null && parameter.get("in").asString().equals("path")) {
                filled = filled.replace("{" + key + "}", encode(value.asString()));
            } else if (value != null && parameter.get("in").asString().equals("query")) {
                for (JsonNode one : value.isArray() ? value : List.of(value)) {
                    query.append(query.isEmpty() ? "?" : "&")
                            .append(key)
                            .append("=")
                            .append(encode(one.asString()));
                }
            }
        }
        return filled + query;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (JsonNode parameter : parameters) {
            JsonNode value = value(parameter);
            if (value != null && parameter.get("in").asString().equals("header")) {
                headers.put(parameter.get("name").asString(), value.asString());
            }
        }
        // Errors, and files of the actuator, are answered whatever is accepted, or not at all.
        if (!mediaType.equals("*/*") && !mediaType.contains("+")) {
            headers.put("Accept", mediaType);
        }
        bodyType().ifPresent(type -> headers.put("Content-Type", type.equals("*/*") ? "text/plain" : type));
        return headers;
    }

    /** Null for none. */
    @Nullable
    String body() {
        return bodyType()
                .map(type -> {
                    JsonNode value =
                            example(operation.at("/requestBody/content").get(type), true);
                    return value == null ? "" : type.equals("application/json") ? value.toString() : value.asString();
                })
                .orElse(null);
    }

    private Optional<String> bodyType() {
        JsonNode contents = operation.at("/requestBody/content");
        List<String> types = List.copyOf(contents.propertyNames());
        return types.stream()
                .filter(type -> contents.get(type).path("examples").has(name))
                .findFirst()
                .or(() -> types.stream().findFirst());
    }

    private @Nullable JsonNode value(JsonNode parameter) {
        return example(parameter, parameter.path("required").asBoolean(false));
    }

    /** The example of this name; without one nothing, or the first one if there has to be a value. */
    private @Nullable JsonNode example(JsonNode holder, boolean required) {
        JsonNode all = holder.path("examples");
        if (all.has(name)) {
            return all.get(name).get("value");
        }
        return required ? all.iterator().next().get("value") : null;
    }

    /** What is sent is what its schemas allow, unless the answer is that it is not. */
    void assertValidRequest() {
        if (status == 400) {
            return;
        }
        for (JsonNode parameter : parameters) {
            JsonNode value = value(parameter);
            if (value != null) {
                documents.assertValid(value, parameter.get("schema"), id() + ", " + parameter.get("name"));
            }
        }
        bodyType().map(type -> operation.at("/requestBody/content").get(type)).ifPresent(sent -> {
            JsonNode value = example(sent, true);
            assertThat(value).as(id() + ": body").isNotNull();
            documents.assertValid(value, sent.get("schema"), id() + ", body");
        });
    }

    /** Whether somebody without a token may do it, if the settings allow that. */
    boolean isOpen() {
        return operation.get("security").valueStream().anyMatch(JsonNode::isEmpty);
    }
}
