package io.holdfast.support;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
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
    private final ToIntFunction<String> tcp;
    private final @Nullable SSLContext tls;

    /** The free ports that the application under test was given. */
    @Autowired
    Ports(Environment environment, InfoEndpoint info) {
        this(
                () -> environment.getRequiredProperty("local.server.port", Integer.class),
                listener -> tcp(info, listener));
    }

    private Ports(IntSupplier http, ToIntFunction<String> tcp) {
        this(http, tcp, null);
    }

    private Ports(IntSupplier http, ToIntFunction<String> tcp, @Nullable SSLContext tls) {
        this.tls = tls;
        this.http = http;
        this.tcp = tcp;
    }

    public static Ports of(int http, int tcpEcho, int tcpLines) {
        return of(http, Map.of("echo", tcpEcho, "lines", tcpLines));
    }

    /** With the ports of TCP listeners by their names. */
    public static Ports of(int http, Map<String, Integer> listeners) {
        return new Ports(() -> http, listener -> Objects.requireNonNull(listeners.get(listener), listener));
    }

    private static int tcp(InfoEndpoint info, String listener) {
        Map<?, ?> tcp = (Map<?, ?>) Objects.requireNonNull(info.info().get("tcp"));
        Map<?, ?> listeners = (Map<?, ?>) Objects.requireNonNull(tcp.get("listeners"));
        return (Integer) Objects.requireNonNull(listeners.get(listener));
    }

    /** With {@code port} in the place of that for HTTP. */
    public Ports withHttp(int port) {
        return new Ports(() -> port, tcp);
    }

    /** The same ports, if that of HTTP takes TLS. */
    public Ports over(SSLContext context) {
        return new Ports(http, tcp, context);
    }

    /** Connects to the port of HTTP. */
    public TestSocket connect() throws IOException {
        TestSocket socket = TestSocket.connect(http());
        return tls == null ? socket : socket.withTls(tls);
    }

    public int http() {
        return http.getAsInt();
    }

    public int tcpEcho() {
        return tcp.applyAsInt("echo");
    }

    public int tcpLines() {
        return tcp.applyAsInt("lines");
    }

    /** Of the TCP listener with this name. */
    public int tcp(String listener) {
        return tcp.applyAsInt(listener);
    }
}
