// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way to end a connection is recognised. */
class EndingTest {

    private static final String PASSWORD = "secret";

    @TempDir
    private Path home;

    private final Client client = new Client(1);
    private final List<AutoCloseable> open = new ArrayList<>(List.of(client));

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    /** Keeps what it is told. */
    private static final class Heard implements Listener {

        final CompletableFuture<Ending> ending = new CompletableFuture<>();
        final CompletableFuture<Void> opened = new CompletableFuture<>();
        final List<String> messages = new ArrayList<>();

        @Override
        public void opened(ClientConnection connection) {
            opened.complete(null);
        }

        @Override
        public void message(ClientConnection connection, ByteBuf data) {
            messages.add(data.toString(StandardCharsets.UTF_8));
        }

        @Override
        public void ended(ClientConnection connection, Ending how) {
            assertThat(connection.ending()).isEqualTo(how);
            assertThat(connection.endedAt()).isNotZero();
            ending.complete(how);
        }

        Ending ending() throws Exception {
            return ending.get(20, TimeUnit.SECONDS);
        }
    }

    private int play(ServerScript.Part part) throws IOException {
        ServerScript script = new ServerScript(part);
        open.add(script);
        return script.port();
    }

    private Heard open(Target target) {
        Heard heard = new Heard();
        client.open(target, heard);
        return heard;
    }

    private Heard tcp(ServerScript.Part part) throws IOException {
        return open(new Target.Tcp(TcpAddress.of("127.0.0.1:" + play(part))));
    }

    private Heard stream(ServerScript.Part part) throws IOException {
        return open(new Target.HttpStream(url(play(part)), "text/plain", null));
    }

    private Heard webSocket(ServerScript.Part part) throws IOException {
        return open(new Target.WebSocket(url(play(part))));
    }

    private static URI url(int port) {
        return URI.create("http://127.0.0.1:" + port + "/here");
    }

    @Test
    void finOnRawTcp() throws Exception {
        assertThat(tcp(socket -> {}).ending()).isEqualTo(new Ending.Fin());
    }

    @Test
    void resetOnRawTcp() throws Exception {
        int port = play(socket -> {
            ServerScript.resetAfter(socket);
            // Not before the client is connected.
            assertThat(socket.getInputStream().read()).isEqualTo('x');
        });
        Heard heard = new Heard();
        ClientConnection connection = client.open(new Target.Tcp(TcpAddress.of("127.0.0.1:" + port)), heard);
        heard.opened.get(20, TimeUnit.SECONDS);

        connection.send(Unpooled.copiedBuffer("x", StandardCharsets.UTF_8));

        assertThat(heard.ending()).isEqualTo(new Ending.Reset());
    }

    @Test
    void portThatNobodyListensOn() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }

        Heard heard = open(new Target.Tcp(TcpAddress.of("127.0.0.1:" + port)));

        assertThat(heard.ending()).isEqualTo(new Ending.Unreachable("connection refused"));
        assertThat(heard.opened).isNotDone();
    }

    @Test
    void hostThatDoesNotExist() throws Exception {
        Heard heard = open(new Target.Tcp(TcpAddress.of("nowhere.invalid:1")));

        assertThat(heard.ending()).isEqualTo(new Ending.Unreachable("no such host"));
    }

    @Test
    void bodyThatIsComplete() throws Exception {
        Heard heard = stream(socket -> {
            ServerScript.request(socket);
            ServerScript.say(socket, ServerScript.STREAM_HEAD + "6\r\nhello\n\r\n3\r\nend\r\n0\r\n\r\n");
            ServerScript.untilClientEnds(socket);
        });

        assertThat(heard.ending()).isEqualTo(new Ending.Complete());
        assertThat(heard.messages).containsExactly("hello", "end");
    }

    @Test
    void bodyThatStopsWithoutItsEnd() throws Exception {
        Heard heard = stream(socket -> {
            ServerScript.request(socket);
            ServerScript.say(socket, ServerScript.STREAM_HEAD + "6\r\nhello\n\r\n");
        });

        assertThat(heard.ending()).isEqualTo(new Ending.Fin());
        assertThat(heard.messages).containsExactly("hello");
    }

    @Test
    void chunkThatIsCutShort() throws Exception {
        Heard heard = stream(socket -> {
            ServerScript.request(socket);
            ServerScript.say(socket, ServerScript.STREAM_HEAD + "ff\r\nhello\nwor");
        });

        assertThat(heard.ending()).isEqualTo(new Ending.Fin());
        assertThat(heard.messages).containsExactly("hello");
    }

    @Test
    void bodyThatIsReset() throws Exception {
        Heard heard = stream(socket -> {
            ServerScript.request(socket);
            ServerScript.say(socket, ServerScript.STREAM_HEAD);
            ServerScript.resetAfter(socket);
        });

        assertThat(heard.ending()).isEqualTo(new Ending.Reset());
    }

    @Test
    void refusalOfAStream() throws Exception {
        Heard heard = stream(socket -> {
            ServerScript.request(socket);
            ServerScript.say(
                    socket, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nfull");
            ServerScript.untilClientEnds(socket);
        });

        assertThat(heard.ending()).isInstanceOfSatisfying(Ending.Refused.class, refused -> {
            assertThat(refused.head().status()).isEqualTo(503);
            assertThat(refused.head().header("Retry-After")).isEqualTo("7");
        });
        assertThat(heard.opened).isNotDone();
        assertThat(heard.messages).isEmpty();
    }

    @Test
    void refusalOfAWebSocket() throws Exception {
        Heard heard = webSocket(socket -> {
            ServerScript.request(socket);
            ServerScript.say(socket, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
            ServerScript.untilClientEnds(socket);
        });

        assertThat(heard.ending())
                .isInstanceOfSatisfying(
                        Ending.Refused.class,
                        refused -> assertThat(refused.head().status()).isEqualTo(503));
        assertThat(heard.opened).isNotDone();
    }

    @Test
    void closeFrame() throws Exception {
        Heard heard = webSocket(socket -> {
            ServerScript.upgrade(socket);
            ServerScript.say(socket, "\u0088\u0006\u000f\u00a0idle");
            ServerScript.untilClientEnds(socket);
        });

        assertThat(heard.ending()).isEqualTo(new Ending.CloseFrame(4000, "idle"));
        assertThat(heard.opened).isDone();
    }

    @Test
    void closeFrameWithoutACode() throws Exception {
        Heard heard = webSocket(socket -> {
            ServerScript.upgrade(socket);
            ServerScript.say(socket, "\u0088\u0000");
            ServerScript.untilClientEnds(socket);
        });

        assertThat(heard.ending()).isEqualTo(new Ending.CloseFrame(1005, ""));
    }

    @Test
    void finOnAWebSocketWithoutACloseFrame() throws Exception {
        assertThat(webSocket(ServerScript::upgrade).ending()).isEqualTo(new Ending.Fin());
    }

    @Test
    void resetOnAWebSocket() throws Exception {
        Heard heard = webSocket(socket -> {
            ServerScript.upgrade(socket);
            ServerScript.resetAfter(socket);
        });

        assertThat(heard.ending()).isEqualTo(new Ending.Reset());
    }

    @Test
    void finInThePlaceOfAnAnswerToTheHandshake() throws Exception {
        Heard heard = webSocket(ServerScript::request);

        assertThat(heard.ending()).isEqualTo(new Ending.Fin());
        assertThat(heard.opened).isNotDone();
    }

    @Test
    void whatIsNoHttp() throws Exception {
        Heard heard = stream(socket -> {
            ServerScript.request(socket);
            ServerScript.say(socket, "220 mail.example.org ESMTP\r\n\r\n");
            ServerScript.untilClientEnds(socket);
        });

        assertThat(heard.ending()).isInstanceOf(Ending.Malformed.class);
    }

    @Test
    void frameThatIsNone() throws Exception {
        Heard heard = webSocket(socket -> {
            ServerScript.upgrade(socket);
            ServerScript.say(socket, "\u00ff\u0000");
            ServerScript.untilClientEnds(socket);
        });

        assertThat(heard.ending()).isInstanceOf(Ending.Malformed.class);
    }

    @Test
    void certificateThatNobodyVouchesFor() throws Exception {
        int port = tls();

        Heard heard = open(new Target.Tcp(TcpAddress.of("tls://127.0.0.1:" + port)));

        assertThat(heard.ending())
                .isInstanceOfSatisfying(
                        Ending.Unreachable.class,
                        unreachable -> assertThat(unreachable.why())
                                .isEqualTo(
                                        "TLS: the certificate is not trusted; name its authority's file with --cacert,"
                                                + " or use --insecure"));
        assertThat(heard.opened).isNotDone();
    }

    /** What is asked for, what the server answers, and the reason that the user reads. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            tls://, HTTP/1.1 400 Bad Request, the server does not speak TLS there; use 127.0.0.1:
            https://, HTTP/1.1 400 Bad Request, the server does not speak TLS there; use http://127.0.0.1:
            https:// 2, HTTP/1.1 400 Bad Request, the server does not speak TLS there; use http://127.0.0.1:
            tcp://, \\25\\3\\3\\0\\2\\2(, the server speaks TLS there; use tls://127.0.0.1:
            http://, \\25\\3\\3\\0\\2\\2(, the server speaks TLS there; use https://127.0.0.1:
            http:// 2, \\25\\3\\3\\0\\2\\2(, the server speaks TLS there; use https://127.0.0.1:
            http://, HTTP/1.1 400 Bad Request\\r\\n\\r\\nThis port takes TLS, the server speaks TLS there; use https://127.0.0.1:
            http://, HTTP/1.1 400 Bad Request\\r\\n\\r\\nto HTTPS port, the server speaks TLS there; use https://127.0.0.1:
            http://, HTTP/1.0 400 Bad Request\\r\\n\\r\\nto an HTTPS server, the server speaks TLS there; use https://127.0.0.1:
            http:// 2, HTTP/1.1 400 Bad Request, the server does not speak HTTP/2 there; use --http-version 1.1
            http:// 2, "", the server closed the connection instead of speaking HTTP/2; use --http-version 1.1
            """)
    void anotherProtocolThanAskedForIsNamed(String asked, String answer, String reason) throws Exception {
        String said = answer.translateEscapes();
        int port = play(socket -> {
            assertThat(socket.getInputStream().read(new byte[16])).isPositive();
            ServerScript.say(socket, said.isEmpty() ? "" : said + "\r\n\r\n");
            socket.shutdownOutput();
            ServerScript.untilClientEnds(socket);
        });
        Heard heard = new Heard();
        ClientConnection connection = client.open(target(asked, port), heard);
        heard.opened.thenRun(
                () -> connection.send(Unpooled.copiedBuffer("a message of an echo", StandardCharsets.UTF_8)));

        assertThat(heard.ending())
                .isInstanceOfSatisfying(
                        Ending.Unreachable.class,
                        unreachable -> assertThat(unreachable.why()).startsWith(reason));
    }

    private static Target target(String asked, int port) {
        String address = asked.substring(0, asked.indexOf("://") + 3) + "127.0.0.1:" + port;
        HttpProtocol protocol = asked.endsWith("2") ? HttpProtocol.HTTP_2 : HttpProtocol.HTTP_1_1;
        return asked.startsWith("http")
                ? new Target.HttpPost(URI.create(address), "text/plain", protocol)
                : new Target.Tcp(TcpAddress.of(address));
    }

    @Test
    void tlsWithoutHttp2() throws Exception {
        URI url = URI.create("https://127.0.0.1:" + tls() + "/");
        try (Client insecure = new Client(1, Trust.ANY, null)) {
            Heard heard = new Heard();
            insecure.open(new Target.WebSocket(url, HttpProtocol.HTTP_2), heard);

            assertThat(heard.ending())
                    .isEqualTo(
                            new Ending.Unreachable("the server does not offer HTTP/2 in ALPN; use --http-version 1.1"));
        }
    }

    @Test
    void certificateOfAnotherHost() throws Exception {
        int port = tls();
        KeyStore keys = KeyStore.getInstance(home.resolve("keys").toFile(), PASSWORD.toCharArray());
        Path file = Files.writeString(
                home.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("key").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        try (Client trusting = new Client(1, Trust.inFile(file.toString()), null)) {
            Heard right = new Heard();
            trusting.open(new Target.Tcp(TcpAddress.of("tls://localhost:" + port)), right);
            Heard wrong = new Heard();
            trusting.open(new Target.Tcp(TcpAddress.of("tls://127.0.0.1:" + port)), wrong);

            assertThat(right.ending()).isEqualTo(new Ending.Fin());
            assertThat(wrong.ending())
                    .isInstanceOfSatisfying(
                            Ending.Unreachable.class,
                            unreachable -> assertThat(unreachable.why())
                                    .startsWith("TLS: the certificate is for another host ("));
        }
    }

    @Test
    void anyCertificateWillDoIfThatIsWanted() throws Exception {
        int port = tls();

        try (Client insecure = new Client(1, Trust.ANY, null)) {
            Heard heard = new Heard();
            insecure.open(new Target.Tcp(TcpAddress.of("tls://127.0.0.1:" + port)), heard);

            assertThat(heard.ending()).isEqualTo(new Ending.Fin());
            assertThat(heard.messages).containsExactly("hello");
        }
    }

    /** Does a TLS handshake with a self-signed certificate, then ends. */
    private int tls() throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys(), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        ServerScript script = new ServerScript(
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1")),
                socket -> ServerScript.say(socket, "hello"));
        open.add(script);
        return script.port();
    }

    private KeyStore keys() throws Exception {
        Path file = home.resolve("keys");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> made = List.of(
                keytool, "-genkeypair", "-alias", "key", "-keyalg", "EC", "-dname", "CN=localhost", "-keystore");
        List<String> command = new ArrayList<>(made);
        command.addAll(List.of(file.toString(), "-storepass", PASSWORD));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    @Test
    void oursIfWeGiveUpWhatNeverAnswered() throws Exception {
        int port = play(ServerScript::untilClientEnds);
        Heard heard = new Heard();

        client.open(new Target.HttpStream(url(port), "text/plain", null), heard).abort();

        assertThat(heard.ending()).isEqualTo(new Ending.Ours());
    }

    @Test
    void oursIfWeClose() throws Exception {
        int port = play(ServerScript::untilClientEnds);
        Heard heard = new Heard();
        ClientConnection connection = client.open(new Target.Tcp(TcpAddress.of("127.0.0.1:" + port)), heard);
        heard.opened.get(20, TimeUnit.SECONDS);

        connection.send(Unpooled.copiedBuffer("bye", StandardCharsets.UTF_8));
        connection.close();

        assertThat(heard.ending()).isEqualTo(new Ending.Ours());
    }
}
