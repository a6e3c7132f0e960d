package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** As {@link StagedCloseTest}, over TLS. */
@HoldfastTest
class StagedCloseOverTlsTest {

    private static final int LARGE = 32 * 1024 * 1024;
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path home;

    @Autowired
    Ports ports;

    @DynamicPropertySource
    static void tls(DynamicPropertyRegistry properties) throws Exception {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String store = home.resolve("keys").toString();
        Process made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        store,
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
        properties.add("server.ssl.key-store", () -> "file:" + store);
        properties.add("server.ssl.key-store-password", () -> PASSWORD);
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3,POST /echo,413",
        "TLSv1.2,POST /echo,413",
        "TLSv1.3,POST /nothing,404",
        "TLSv1.2,POST /nothing,404",
        "TLSv1.3,POST /%zz,400",
        "TLSv1.2,POST /%zz,400"
    })
    void rfc9112Section9_6AnswerIsNotLostByUnreadInput(String version, String target, int status) throws Exception {
        try (SSLSocket socket = connect(version)) {
            String head = target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + LARGE + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[LARGE]);

            // An end without close_notify would be an exception.
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 " + status).contains("Connection: close", "\"status\":" + status);
        }
    }

    private SSLSocket connect(String version) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(home.resolve("keys").toFile(), PASSWORD.toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), ports.http());
        socket.setEnabledProtocols(new String[] {version});
        socket.setSoTimeout(20_000);
        return socket;
    }
}
