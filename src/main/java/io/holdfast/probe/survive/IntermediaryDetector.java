// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Head;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Listener;
import io.holdfast.probe.client.Printable;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Detects the first intermediary: by the headers of the response in question, else by those of another response of the same
 * address, as many proxies add none to a WebSocket, else by the error page for a malformed request, which the first server that
 * parses requests sends itself. Blocks; safe from any thread.
 */
final class IntermediaryDetector {

    private static final Pattern SERVER = Pattern.compile("(?im)^Server: *(.+?) *\\r?$");

    /** HAProxy does not send its name, but its error page has this text. */
    private static final String HAPROXY_PAGE = "Your browser sent an invalid request.";

    private static final String MALFORMED_REQUEST = "GET / HTTP/1.1\r\nno header\r\n\r\n";

    private final Client client;
    private final @Nullable HttpAddress http;
    private final Duration patience;

    // Guarded by this. Empty if none was found, null if not looked for.
    private @Nullable String elsewhere;

    IntermediaryDetector(Client client, @Nullable HttpAddress http, Duration patience) {
        this.client = client;
        this.http = http;
        this.patience = patience;
    }

    /** The name of the intermediary that passed {@code head} on; null if there is none, or it does not send its name. */
    @Nullable
    String name(@Nullable Head head) {
        String shown = shown(head);
        return shown == null ? elsewhere() : shown;
    }

    private static @Nullable String shown(@Nullable Head head) {
        String via = head == null ? null : head.header("Via");
        String server = head == null ? null : head.header("Server");
        if (server != null && ProxyProduct.of(server) != null) {
            return Printable.text(server);
        }
        return via == null ? null : Printable.text(via);
    }

    private synchronized @Nullable String elsewhere() {
        if (elsewhere == null) {
            String byRequest = http == null ? null : shown(head(http));
            elsewhere = byRequest != null ? byRequest : http == null ? "" : read(page(http));
        }
        return elsewhere.isEmpty() ? null : elsewhere;
    }

    private @Nullable Head head(HttpAddress address) {
        First first = new First();
        ClientConnection asked = client.open(new Target.HttpStream(address.at("/"), "*/*", null), first);
        asked.after(patience, asked::abort);
        return first.head.join();
    }

    /** The head of a response, whatever its status. */
    private static final class First implements Listener {

        private final CompletableFuture<@Nullable Head> head = new CompletableFuture<>();

        @Override
        public void opened(ClientConnection connection) {
            head.complete(connection.head());
            connection.abort();
        }

        @Override
        public void ended(ClientConnection connection, Ending ending) {
            head.complete(ending instanceof Ending.Refused(Head refusal) ? refusal : connection.head());
        }
    }

    private static String read(String page) {
        Matcher server = SERVER.matcher(page);
        if (page.contains(HAPROXY_PAGE)) {
            return "HAProxy";
        }
        return server.find() && ProxyProduct.of(server.group(1)) != null ? Printable.text(server.group(1)) : "";
    }

    private String page(HttpAddress address) {
        Target.HttpStream root = new Target.HttpStream(address.at("/"), "*/*", null);
        Page page = new Page();
        ClientConnection asked =
                client.open(new Target.Tcp(new TcpAddress(root.host(), root.port(), root.tls())), page);
        asked.after(patience, asked::abort);
        return page.whole.join();
    }

    /** Confined to its event loop, except for the future. */
    private static final class Page implements Listener {

        private static final int ENOUGH = 4096;

        private final CompletableFuture<String> whole = new CompletableFuture<>();
        private final StringBuilder read = new StringBuilder();

        @Override
        public void opened(ClientConnection connection) {
            connection.send(Unpooled.copiedBuffer(MALFORMED_REQUEST, StandardCharsets.US_ASCII));
        }

        @Override
        public void message(ClientConnection connection, ByteBuf data) {
            read.append(data.toString(StandardCharsets.ISO_8859_1));
            if (read.length() > ENOUGH) {
                connection.abort();
            }
        }

        @Override
        public void ended(ClientConnection connection, Ending ending) {
            whole.complete(read.toString());
        }
    }
}
