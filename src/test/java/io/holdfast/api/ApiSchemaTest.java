// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.holdfast.support.Program;
import io.holdfast.support.TestFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The documents of the API are what OpenAPI and AsyncAPI say that such documents are. Their schemas are npm packages. */
class ApiSchemaTest {

    private static final Path PAGE = Path.of("frontend");
    private static final JsonMapper JSON = JsonMapper.shared();

    private static JsonNode schemas;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Program.requireOnPath("node");
        Program.requireOnPath("npm");
        Path home = TestFolder.own("api");
        FileSystemUtils.copyRecursively(Path.of("src/test/api"), home);
        Process npm = new ProcessBuilder(
                        "npm", "ci", "--prefix", home.toString(), "--prefer-offline", "--no-audit", "--ignore-scripts")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Program.require(npm.waitFor() == 0, "the packages of src/test/api");
        Process node = new ProcessBuilder("node", home.resolve("schemas.cjs").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        schemas = JSON.readTree(new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"openapi, 3.1.", "asyncapi, 3.0."})
    void theDocumentIsValid(String kind, String version) throws IOException {
        JsonNode document = document(kind);

        assertThat(document.get(kind).asString()).startsWith(version);
        assertThat(schema(kind).validate(document)).isEmpty();
    }

    /** A schema that accepts anything would prove nothing. */
    @Test
    void aFieldThatIsWrongIsFound() throws IOException {
        for (String kind : List.of("openapi", "asyncapi")) {
            ObjectNode document = (ObjectNode) document(kind);
            ((ObjectNode) document.get("components")).put("no-such-part", 1);

            assertThat(schema(kind).validate(document)).as(kind).isNotEmpty();
        }
        ObjectNode openApi = (ObjectNode) document("openapi");
        ((ObjectNode) openApi.at("/paths/~1stream/get/parameters/0")).remove("in");
        assertThat(schema("openapi").validate(openApi)).isNotEmpty();
    }

    private static JsonNode document(String kind) throws IOException {
        return JSON.readTree(Files.readString(PAGE.resolve(kind + ".json")));
    }

    private static Schema schema(String kind) {
        JsonNode schema = schemas.get(kind);
        assertThat(schema).as(kind).isNotNull();
        return SchemaRegistry.withDefaultDialect(Dialects.getDraft202012()).getSchema(schema);
    }
}
