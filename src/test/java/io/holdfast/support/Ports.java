// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.info.InfoEndpoint;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.env.Environment;

/** The ports of a service: the application under test, a process, or a proxy in front of it. */
@TestComponent
public class Ports {

    private final IntSupplier http;
    private final Supplier<Map<String, Integer>> listeners;
    private final @Nullable SSLContext tls;

    /** The free ports that the application under test was given. */
    @Autowired
    Ports(Environment environment, InfoEndpoint info) {
        this(() -> environment.getRequiredProperty("local.server.port", Integer.class), () -> listeners(info), null);
    }

    private Ports(IntSupplier http, Supplier<Map<String, Integer>> listeners, @Nullable SSLContext tls) {
        this.http = http;
        this.listeners = listeners;
        this.tls = tls;
    }

    public static Ports of(int http, int tcpEcho, int tcpLines) {
        return of(http, Map.of("echo", tcpEcho, "lines", tcpLines));
    }

    /** With the ports of TCP listeners by their names. */
    public static Ports of(int http, Map<String, Integer> listeners) {
        return new Ports(() -> http, () -> listeners, null);
    }

    private static Map<String, Integer> listeners(InfoEndpoint info) {
        Map<?, ?> tcp = (Map<?, ?>) Objects.requireNonNull(info.info().get("tcp"));
        Map<String, Integer> listeners = new HashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(tcp.get("listeners")))
                .forEach((name, port) -> listeners.put((String) name, (Integer) port));
        return listeners;
    }

    /** With {@code port} in the place of that for HTTP. */
    public Ports withHttp(int port) {
        return new Ports(() -> port, listeners, null);
    }

    /** The same ports, if that of HTTP takes TLS. */
    public Ports over(SSLContext context) {
        return new Ports(http, listeners, context);
    }

    /** Connects to the port of HTTP. */
    public TestSocket connect() throws IOException {
        TestSocket socket = TestSocket.connect(http());
        return tls == null ? socket : socket.withTls(tls);
    }

    /** Of HTTP and of each TCP listener. */
    List<Integer> all() {
        List<Integer> all = new ArrayList<>(listeners.get().values());
        all.add(http());
        return all;
    }

    public int http() {
        return http.getAsInt();
    }

    public int tcpEcho() {
        return tcp("echo");
    }

    public int tcpLines() {
        return tcp("lines");
    }

    /** Of the TCP listener with this name. */
    public int tcp(String listener) {
        return Objects.requireNonNull(listeners.get().get(listener), listener);
    }
}
