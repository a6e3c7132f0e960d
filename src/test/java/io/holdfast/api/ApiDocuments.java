// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.holdfast.support.PlainRequest;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The two documents of the API, as a service serves them. References are absolute here. Objects are closed: the documents leave
 * room for fields that later versions add, but a service does not send what its own documents lack.
 */
public final class ApiDocuments {

    private static final String HOME = "https://api.example/";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, JsonNode> documents;
    private final SchemaRegistry schemas;

    private ApiDocuments(Map<String, JsonNode> documents) {
        this.documents = documents;
        this.schemas = SchemaRegistry.withDefaultDialect(
                Dialects.getDraft202012(),
                builder -> builder.schemas(Map.of(
                        HOME + "openapi.json", openApi().toString(),
                        HOME + "asyncapi.json", asyncApi().toString())));
    }

    /** Asks the service on a port. */
    public static ApiDocuments of(int http) throws IOException {
        return new ApiDocuments(
                Map.of("openapi.json", get(http, "openapi.json"), "asyncapi.json", get(http, "asyncapi.json")));
    }

    private static JsonNode get(int http, String name) throws IOException {
        PlainRequest.Answer answer = PlainRequest.get(http, "/" + name);
        assertThat(answer.status()).as(name).isEqualTo(200);
        JsonNode document = JSON.readTree(answer.body()
                .replace("\"$ref\": \"#/", "\"$ref\": \"" + HOME + name + "#/")
                .replace("\"$ref\": \"asyncapi.json#/", "\"$ref\": \"" + HOME + "asyncapi.json#/"));
        close(document);
        return document;
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(ApiDocuments::close);
    }

    public JsonNode openApi() {
        return document("openapi.json");
    }

    public JsonNode asyncApi() {
        return document("asyncapi.json");
    }

    private JsonNode document(String name) {
        JsonNode document = documents.get(name);
        assertThat(document).as(name).isNotNull();
        return document;
    }

    /** What a reference leads to; {@code node} itself if it is none. */
    public JsonNode resolve(JsonNode node) {
        JsonNode found = node;
        while (found.has("$ref")) {
            String[] parts =
                    found.get("$ref").asString().substring(HOME.length()).split("#");
            found = document(parts[0]).at(parts[1]);
            assertThat(found.isMissingNode()).as(String.join("#", parts)).isFalse();
        }
        return found;
    }

    public void assertValid(JsonNode value, JsonNode schema, String what) {
        assertThat(schemas.getSchema(schema).validate(value))
                .as(what + ": " + value)
                .isEmpty();
    }

    public boolean isValid(JsonNode value, JsonNode schema) {
        return schemas.getSchema(schema).validate(value).isEmpty();
    }
}
