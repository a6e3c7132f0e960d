// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tls;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestBundle;
import io.holdfast.support.TestCertificate;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** One bundle on all ports, whose files change while the service runs. */
@HoldfastTest
@ExtendWith({NothingLeft.class, OutputCaptureExtension.class})
@TestPropertySource(
        properties = {
            "server.ssl.bundle=web",
            "management.server.port=0",
            "spring.ssl.bundle.pem.web.reload-on-update=true",
            "holdfast.tcp.listeners.echo.ssl.bundle=web",
            "spring.ssl.bundle.pem.files.reload-on-update=true",
            "holdfast.tcp.listeners.lines.ssl.bundle=files"
        })
class CertificateReloadTest {

    private static final TestCertificate NEXT = TestCertificate.of("CN=localhost,O=Next");
    private static final TestCertificate NEAR = TestCertificate.of("CN=localhost,O=Near", 5);
    private static final SSLContext CLIENT = TestCertificate.client(null, TestBundle.SERVER, NEXT, NEAR);

    /** What the service promises. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @TempDir
    static Path home;

    @Autowired
    Ports ports;

    @Value("${local.management.port}")
    int management;

    @DynamicPropertySource
    static void bundles(DynamicPropertyRegistry properties) throws IOException {
        Files.createDirectories(home.resolve("secret"));
        for (String file : List.of("tls.crt", "tls.key", "ca.crt")) {
            Files.createSymbolicLink(home.resolve("secret").resolve(file), Path.of("..data", file));
        }
        mount(TestBundle.SERVER.certificatePem(), TestBundle.SERVER.keyPem());
        TestBundle.bundle("web", home.resolve("secret")).forEach((name, value) -> properties.add(name, () -> value));
        TestBundle.bundle("files", TestBundle.write(home.resolve("files")))
                .forEach((name, value) -> properties.add(name, () -> value));
    }

    /** As Kubernetes mounts a secret: the files are links through a link to a directory, and that link is replaced. */
    private static void mount(String certificate, String key) throws IOException {
        Path secret = home.resolve("secret");
        Path version = Files.createTempDirectory(secret, "..version");
        Files.writeString(version.resolve("tls.crt"), certificate);
        Files.writeString(version.resolve("tls.key"), key);
        Files.writeString(version.resolve("ca.crt"), TestBundle.CLIENT.certificatePem());
        Path link = Files.createSymbolicLink(secret.resolve("..data_tmp"), version.getFileName());
        Files.move(link, secret.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void mount(TestCertificate certificate) throws IOException {
        mount(certificate.certificatePem(), certificate.keyPem());
    }

    @BeforeEach
    void serveTheFirst() throws IOException {
        if (!served().equals(List.of(TestBundle.SERVER, TestBundle.SERVER, TestBundle.SERVER))) {
            mount(TestBundle.SERVER);
            awaitServed(TestBundle.SERVER);
        }
    }

    private TestSocket connect(int port) throws IOException {
        return TestSocket.connect(port).withTls(CLIENT);
    }

    /** What HTTP, the management port and a TCP listener show to new connections. */
    private List<TestCertificate> served() throws IOException {
        return List.of(servedAt(ports.http()), servedAt(management), servedAt(ports.tcpEcho()));
    }

    private TestCertificate servedAt(int port) throws IOException {
        try (TestSocket wire = connect(port)) {
            return List.of(TestBundle.SERVER, NEXT, NEAR).stream()
                    .filter(one -> {
                        try {
                            return one.certificate().equals(wire.serverCertificate());
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void awaitServed(TestCertificate certificate) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(served()).containsOnly(certificate));
    }

    private JsonNode health() throws IOException {
        try (TestSocket wire = connect(management)) {
            wire.send("GET /actuator/health/certificates HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return PlainRequest.read(wire).json();
        }
    }

    private static List<String> linesOf(CapturedOutput output) {
        return output.getAll()
                .lines()
                .filter(line -> line.contains("SSL bundle") || line.contains("ERROR") || line.startsWith("\tat "))
                .toList();
    }

    @Test
    void newConnectionsSeeTheNewCertificateAndOpenOnesGoOn(CapturedOutput output) throws IOException {
        int before = linesOf(output).size();
        try (TestSocket echo = connect(ports.tcpEcho());
                TestSocket http = connect(ports.http())) {
            mount(NEXT);
            awaitServed(NEXT);

            assertThat(echo.send("still").read(5)).asString().isEqualTo("still");
            http.send("GET /inspect HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(PlainRequest.read(http).status()).isEqualTo(200);
        }

        List<String> lines = linesOf(output);
        assertThat(lines.subList(before, lines.size()))
                .singleElement()
                .asString()
                .contains(" INFO ")
                .contains(
                        "'web' was replaced for HTTP, the management port, the TCP listener 'echo': CN=localhost,O=Next");
    }

    @Test
    void healthTellsTheDaysLeftAndThatTheyAreFew() throws IOException {
        assertThat(health().path("status").asString()).isEqualTo("UP");
        assertThat(health().at("/details/web/daysLeft").asInt()).isBetween(88, 90);

        mount(NEAR);
        awaitServed(NEAR);

        assertThat(health().path("status").asString()).isEqualTo("EXPIRING");
        assertThat(health().at("/details/web/daysLeft").asInt()).isEqualTo(4);
        assertThat(health().at("/details/web/usedBy").toString()).contains("HTTP", "echo");
    }

    @Test
    void brokenFileKeepsTheCertificateAndTheLogSaysWhy(CapturedOutput output) throws IOException {
        int before = linesOf(output).size();

        mount(NEXT.certificatePem().substring(0, 200), NEXT.keyPem());
        await().atMost(LIMIT).until(() -> linesOf(output).size() > before);
        mount(NEXT.certificatePem(), TestBundle.SERVER.keyPem());
        await().atMost(LIMIT).until(() -> linesOf(output).size() > before + 1);

        assertThat(served()).containsOnly(TestBundle.SERVER);
        assertThat(linesOf(output).subList(before, linesOf(output).size()))
                .hasSize(2)
                .allMatch(line -> line.contains(" WARN ") && line.contains("It stays CN=localhost, valid until"))
                .last()
                .asString()
                .contains("its private key does not belong to its certificate");
        assertThat(health().at("/details/web/notReplaced").asString()).contains("private key");
    }

    @Test
    void expiredCertificateIsNotTakenIntoUse(CapturedOutput output) throws IOException {
        int before = linesOf(output).size();

        mount(TestCertificate.expired("CN=localhost,O=Past"));
        await().atMost(LIMIT).until(() -> linesOf(output).size() > before);

        assertThat(linesOf(output).getLast())
                .contains(" WARN ", "its certificate expired at ", "It stays CN=localhost");
        assertThat(served()).containsOnly(TestBundle.SERVER);
        assertThat(health().at("/details/web/notReplaced").asString()).contains("expired");
    }

    @Test
    void filesCanBeReplacedOneByOne() throws IOException {
        assertThat(servedAt(ports.tcpLines())).isEqualTo(TestBundle.SERVER);

        TestBundle.write(NEXT, home.resolve("files"));

        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> servedAt(ports.tcpLines()).equals(NEXT));
    }
}
