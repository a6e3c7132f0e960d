// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.holdfast.HoldfastApplication;
import io.holdfast.support.TestCertificate;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an operator sees of a setting that stops the start: a few lines, and no stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class FailedStartTest {

    private static final int MOST_LINES = 15;

    /** The lines of the report. */
    private static List<String> failedStart(CapturedOutput output, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        for (String port : List.of("server", "holdfast.tcp.listeners.echo", "holdfast.tcp.listeners.lines")) {
            if (arguments.stream().noneMatch(argument -> argument.startsWith("--" + port + ".port="))) {
                arguments.add("--" + port + ".port=0");
            }
        }
        assertThatException()
                .isThrownBy(() -> SpringApplication.run(HoldfastApplication.class, arguments.toArray(String[]::new)));

        assertThat(output.getAll()).doesNotContain("\tat ", " WARN ");
        List<String> lines = output.getAll()
                .lines()
                .dropWhile(line -> !line.contains("APPLICATION FAILED"))
                .toList();
        assertThat(lines).isNotEmpty().hasSizeLessThan(MOST_LINES);
        return lines;
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.limits.htp, 5, holdfast.limits.http=5",
        "holdfast.limts.http, 5, holdfast.limits.http=5",
        "holdfast.limits.http, abc, holdfast.limits.http=16000",
        "holdfast.drain.window, 5 parsecs, holdfast.drain.window=10s",
        "holdfast.broker, kafka, holdfast.broker=local",
        "server.port, abc, server.port=8080",
        "server.port, 65536, server.port=8080",
        "server.servlet.context-path, api, server.servlet.context-path=/holdfast",
        "logging.level.foo, bar, logging.level.foo=trace",
        "spring.security.oauth2.resourceserver.jwt.issuer-uri, login, spring.security.oauth2.resourceserver.jwt.issuer-uri=https://login.example.org",
        "spring.security.oauth2.resourceserver.jwt.jwk-set-uri, file:/keys, spring.security.oauth2.resourceserver.jwt.jwk-set-uri=https://login.example.org/keys",
        "spring.security.oauth2.resourceserver.jwt.audiences, holdfast, spring.security.oauth2.resourceserver.jwt.issuer-uri=https://login.example.org",
    })
    void aWrongSettingIsToldBeforeAnythingIsStarted(
            String property, String value, String example, CapturedOutput output) {
        List<String> lines = failedStart(output, "--" + property + "=" + value);

        assertThat(lines).anyMatch(line -> line.startsWith(property + ": "));
        assertThat(lines).anyMatch(line -> line.endsWith("for example " + example));
        assertThat(output.getAll().lines()).hasSizeLessThan(MOST_LINES);
    }

    @ParameterizedTest
    @CsvSource({
        "server.forward-headers-strategy, native, 'server.forward-headers-strategy=native, and"
                + " holdfast.proxies.trusted=10.0.0.1 for the proxy 10.0.0.1'",
        "server.forward-headers-strategy, framework, 'server.forward-headers-strategy=native, and"
                + " holdfast.proxies.trusted=10.0.0.1 for the proxy 10.0.0.1'",
        "holdfast.proxies.proxy-protocol, true, holdfast.proxies.trusted=10.0.0.1",
        "server.address, nowhere.invalid, server.address=127.0.0.1",
        "server.address, 192.0.2.1, server.address=127.0.0.1",
        "holdfast.tcp.listeners.echo.address, nowhere.invalid, holdfast.tcp.listeners.echo.address=0.0.0.0",
        "holdfast.tcp.listeners.echo.address, 192.0.2.1, holdfast.tcp.listeners.echo.address=0.0.0.0",
        "server.ssl.bundle, mine, spring.ssl.bundle.pem.mine.keystore.certificate=certificate.pem",
        "holdfast.tcp.listeners.echo.ssl.bundle, mine,"
                + " spring.ssl.bundle.pem.mine.keystore.certificate=certificate.pem",
        "holdfast.tcp.listeners.echo.ssl.client-auth, need, holdfast.tcp.listeners.echo.ssl.bundle=web",
        "holdfast.tcp.listeners.lines.ssl.mode, optional, holdfast.tcp.listeners.lines.ssl.bundle=web",
        "holdfast.tcp.listeners.lines.proxy-protocol, true, holdfast.proxies.trusted=10.0.0.0/8",
        "server.ssl.key-store, /nowhere.p12, server.ssl.key-store=keystore.p12",
        "server.ssl.key-store, pom.xml, server.ssl.key-store=keystore.p12",
        "server.ssl.trust-store, /nowhere.p12, server.ssl.trust-store=keystore.p12",
        "management.endpoint.connections.access, rw, management.endpoint.connections.access=unrestricted",
        "spring.security.oauth2.resourceserver.jwt.public-key-location, /nowhere.pem,"
                + " spring.security.oauth2.resourceserver.jwt.public-key-location=/etc/holdfast/issuer.pem",
    })
    void aWrongSettingThatIsFoundLaterIsTold(String property, String value, String example, CapturedOutput output) {
        List<String> lines = failedStart(output, "--" + property + "=" + value);

        assertThat(lines).anyMatch(line -> line.startsWith(property + ": '" + value + "' "));
        assertThat(lines).anyMatch(line -> line.endsWith("for example " + example));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.port", "management.server.port", "holdfast.tcp.listeners.lines.port"})
    void aPortThatIsInUseIsToldWithAFreeOne(String property, CapturedOutput output) throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            List<String> lines = failedStart(output, "--" + property + "=" + taken.getLocalPort());

            assertThat(lines).anyMatch(line -> line.startsWith(property + ": '" + taken.getLocalPort() + "' "));
            assertThat(lines).anyMatch(line -> line.matches(".*for example " + property + "=\\d+"));
        }
    }

    @Test
    void anUnknownBundleOfRedisIsTold(CapturedOutput output) {
        List<String> lines = failedStart(output, "--holdfast.broker=redis", "--spring.data.redis.ssl.bundle=mine");

        assertThat(lines).anyMatch(line -> line.startsWith("spring.data.redis.ssl.bundle: 'mine' "));
    }

    @Test
    void aCertificateThatDoesNotExistIsTold(CapturedOutput output) {
        List<String> lines = failedStart(
                output, "--server.ssl.certificate=/nowhere.pem", "--server.ssl.certificate-private-key=/nowhere.key");

        assertThat(lines).anyMatch(line -> line.startsWith("server.ssl.certificate: '/nowhere.pem' does not exist"));
    }

    @ParameterizedTest
    @CsvSource({"certificate, /nowhere.pem", "certificate, pom.xml", "private-key, /nowhere.key"})
    void aBundleOfAListenerThatCannotBeUsedIsTold(String part, String file, CapturedOutput output) {
        TestCertificate good = TestCertificate.inFiles("localhost");
        String bundle = "spring.ssl.bundle.pem.mine.keystore.";

        List<String> lines = failedStart(
                output,
                "--holdfast.tcp.listeners.echo.ssl.bundle=mine",
                "--" + bundle + "certificate=" + (part.equals("certificate") ? file : good.file()),
                "--" + bundle + "private-key=" + (part.equals("private-key") ? file : good.key()));

        assertThat(lines).anyMatch(line -> line.startsWith(bundle + part + ": '" + file + "' "));
    }

    @Test
    void aCertificateWithoutItsKeyIsTold(CapturedOutput output) {
        List<String> lines = failedStart(output, "--server.ssl.certificate=/nowhere.pem");

        assertThat(lines).anyMatch(line -> line.startsWith("server.ssl.certificate-private-key: not set"));
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.access.anonymous.subscribe, news.a*",
        "holdfast.access.anonymous.publish, news {sub}",
        "holdfast.access.anonymous.role, king",
        "holdfast.access.keys.collector.subscribe, a/b",
        "holdfast.access.certificates.collector.subject, nobody",
        "holdfast.channels.news.pattern, news.a*",
        "holdfast.channels.news.anonymous, read"
    })
    void aPermissionThatCannotBeUsedIsTold(String property, String value, CapturedOutput output) {
        List<String> lines = failedStart(
                output,
                "--holdfast.access.keys.collector.secret=0123456789012345678901234567890123456789",
                "--" + property + "=" + value);

        assertThat(lines).anyMatch(line -> line.startsWith(property + ": '" + value + "' "));
    }

    /** The log of a start may be read by many. */
    @ParameterizedTest
    @ValueSource(strings = {"holdfast.access.secret", "holdfast.access.keys.collector.secret"})
    void aSecretThatIsTooShortIsToldButNotShown(String property, CapturedOutput output) {
        List<String> lines = failedStart(output, "--" + property + "=my-short-secret");

        assertThat(lines).anyMatch(line -> line.startsWith(property + ": has 15 characters; it has to be at least 32"));
        assertThat(output).doesNotContain("my-short-secret");
    }

    /** To ignore it would make somebody else of the owner of a token. */
    @Test
    void aSettingOfTokensThatIsNotSupportedIsTold(CapturedOutput output) {
        String property = "spring.security.oauth2.resourceserver.jwt.principal-claim-name";

        List<String> lines = failedStart(output, "--" + property + "=email");

        assertThat(lines).anyMatch(line -> line.startsWith(property + ": not supported"));
        assertThat(lines).anyMatch(line -> line.endsWith("Remove " + property));
    }

    @Test
    void whatIsNotJsonIsTold(CapturedOutput output) {
        List<String> lines = failedStart(output, "--spring.application.json={");

        assertThat(lines).anyMatch(line -> line.startsWith("spring.application.json: not JSON"));
    }

    @Test
    void aFileThatIsNotYamlIsTold(@TempDir Path folder, CapturedOutput output) throws IOException {
        Path file = Files.writeString(folder.resolve("application.yaml"), "holdfast:\n  limits: http: 5\n");

        List<String> lines = failedStart(output, "--spring.config.additional-location=" + file);

        assertThat(lines).anyMatch(line -> line.contains("Line 2, column 15"));
    }
}
