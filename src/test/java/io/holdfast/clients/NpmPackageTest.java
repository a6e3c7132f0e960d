// SPDX-License-Identifier: Apache-2.0
package io.holdfast.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import io.holdfast.support.Program;
import io.holdfast.support.TestFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The browser client as an npm package: packed, installed in a project of its own, and used from Node and TypeScript. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class NpmPackageTest {

    private static final Path CLIENT = Path.of("frontend/client");
    private static final Path CONSUMERS = Path.of("src/test/clients/package");
    private static final Path PROJECT = TestFolder.own("npm-project");

    private static final Pattern IMPORT = Pattern.compile("(?m)^(?:import|export) .*\"\\./([^\"]+)[.]js\"");
    private static final Pattern VERSION = Pattern.compile("<artifactId>holdfast</artifactId>\\s*<version>([^<]+)<");

    private static NpmPackage sources;
    private static Path archive;

    @Autowired
    Ports ports;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Program.requireOnPath("node");
        sources = new NpmPackage().withCompiler();
        archive = sources.pack(true);
        NpmPackage.install(archive, PROJECT);
        for (String consumer : List.of("consumer.mjs", "consumer.ts")) {
            Files.writeString(PROJECT.resolve(consumer), Files.readString(CONSUMERS.resolve(consumer)));
        }
    }

    @Test
    void itIsTheServicesVersionWithTheServicesLicenceAndNoDependencies() throws IOException {
        JsonNode manifest = JsonMapper.shared().readTree(Files.readString(CLIENT.resolve("package.json")));
        String pom = Files.readString(Path.of("pom.xml"));

        assertThat(VERSION.matcher(pom)
                        .results()
                        .map(version -> version.group(1).replace("-SNAPSHOT", "")))
                .containsExactly(manifest.get("version").asString());
        assertThat(pom).contains("<name>" + manifest.get("license").asString() + "</name>");
        assertThat(manifest.propertyNames()).doesNotContain("dependencies", "peerDependencies", "optionalDependencies");
        assertThat(PROJECT.resolve("node_modules")).isDirectoryContaining("glob:**/holdfast-client");
        assertThat(PROJECT.resolve("package-lock.json")).doesNotExist();
        assertThat(CLIENT.resolve("package-lock.json")).doesNotExist();
    }

    @Test
    void itHasWhatTheClientImportsWithItsTypesAndNothingElse() throws IOException, InterruptedException {
        Set<String> modules = new TreeSet<>();
        addImports("channel", modules);
        List<String> expected = new ArrayList<>(List.of("package/package.json", "package/README.md"));
        for (String module : modules) {
            expected.add("package/" + module + ".js");
            expected.add("package/types/" + module + ".d.ts");
        }

        try (Program tar = Program.start("tar", "-tzf", archive.toString())) {
            assertThat(tar.output().lines()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static void addImports(String module, Set<String> modules) throws IOException {
        if (modules.add(module)) {
            List<String> imports = IMPORT.matcher(Files.readString(CLIENT.resolve(module + ".js")))
                    .results()
                    .map(MatchResult::group)
                    .map(line -> IMPORT.matcher(line).replaceFirst("$1"))
                    .toList();
            for (String imported : imports) {
                addImports(imported, modules);
            }
        }
    }

    /** That of the page, too. */
    @Test
    void allCodeOfTheFrontEndHasTheTypesThatItsCommentsSay() throws IOException, InterruptedException {
        assertThat(sources.run("check")).as("npm run check").isTrue();
    }

    @Test
    void typeScriptKnowsItsTypes() throws IOException, InterruptedException {
        List<String> command = List.of(
                sources.compiler().toString(),
                "--noEmit",
                "--strict",
                "--target",
                "es2022",
                "--module",
                "nodenext",
                PROJECT.resolve("consumer.ts").toString());
        try (Program tsc = Program.start(command.toArray(String[]::new))) {
            assertThat(tsc.output().lines()).isEmpty();
            assertThat(tsc.exitCode()).isZero();
        }
    }

    /** Node has a WebSocket from version 22. */
    @ParameterizedTest
    @CsvSource({"default,ndjson", "ws,websocket", "sse,sse", "poll,poll"})
    void programOfNodeGetsEveryMessageOnceAndInOrder(String way, String transport) throws Exception {
        String channel = "npm-" + way;
        List<String> command =
                new ArrayList<>(List.of("node", PROJECT.resolve("consumer.mjs").toString()));
        List<String> more = way.equals("ws") ? List.of(new ClientPrograms().ws().toString()) : List.of();
        try (Outages outages = new Outages(ports.http());
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports);
                ClientRun client = ClientRun.start(command, way, ports.withHttp(outages.port()), channel, more)) {
            JsonNode checked = client.hear("checked");
            boolean usesOwn =
                    way.equals("default") && checked.get("hasWebSocket").asBoolean();
            assertThat(checked.get("isSubscription").asBoolean()).isTrue();
            if (client.heard("open").isEmpty()) {
                client.hear("open");
            }
            assertThat(client.heard("open").getFirst().get("transport").asString())
                    .isEqualTo(usesOwn ? "websocket" : transport);

            List<String> sent = new ArrayList<>();
            client.say("{\"n\":1}");
            JsonNode published = client.hear("published");
            sent.add(published.get("position").asString());
            assertThat(published.get("over").asString()).isEqualTo(usesOwn || way.equals("ws") ? "websocket" : "http");
            outages.down();
            client.hear("reconnecting");
            sent.add(publisher.publish(channel, "{\"n\":2}"));
            sent.add(publisher.publish(channel, "{\"n\":3}"));
            outages.up();
            client.hear("open");
            sent.add(publisher.publish(channel, "{\"last\":true}"));
            client.hearToEnd();
            // The service sees that a reader of a stream has left when it sends something.
            outages.down();
            publisher.publish(channel, "{}");

            assertThat(client.heard("message"))
                    .extracting(message -> message.get("position").asString())
                    .isEqualTo(sent);
            assertThat(client.heard("gap")).isEmpty();
            assertThat(client.heard("closed")).hasSize(1);
        }
    }

    @Test
    void whatIsWrongIsSaidWithWhatIsValid() throws Exception {
        List<String> command = List.of("node", PROJECT.resolve("consumer.mjs").toString());
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports);
                ClientRun client = ClientRun.start(command, "sse", ports, "npm-wrong")) {
            client.hear("checked");
            if (client.heard("open").isEmpty()) {
                client.hear("open");
            }
            publisher.publish("npm-wrong", "{\"last\":true}");
            client.hearToEnd();

            assertThat(client.heard("wrong"))
                    .extracting(wrong -> wrong.get("name").asString() + ": "
                            + wrong.get("message").asString().replaceFirst("'file:[^']*'", "'file:…'"))
                    .containsExactly(
                            "TypeError: url: 'file:…' is not the address of a service, as https://holdfast.example.org/",
                            "TypeError: url: 'localhost:8080' is not the address of a service, as https://holdfast.example.org/",
                            "TypeError: transports: 'tcp' is none of websocket, ndjson, sse, poll");
            assertThat(client.heard("refused")).singleElement().satisfies(refused -> {
                assertThat(refused.get("isRefusal").asBoolean()).isTrue();
                assertThat(refused.get("message").asString()).startsWith("400 ");
            });
        }
    }
}
