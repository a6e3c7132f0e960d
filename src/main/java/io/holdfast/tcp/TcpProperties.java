package io.holdfast.tcp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The TCP listeners, by name.
 *
 * @param listeners each with a port of its own; {@code echo} on 8888 unless it is set otherwise
 * @param eventLoops threads that serve all listeners' connections. Default: one for every two cores; on few cores one
 *     loop answers more connections a wake-up, which is cheaper than more threads.
 */
@ConfigurationProperties("holdfast.tcp")
record TcpProperties(
        @DefaultValue Map<String, Listener> listeners,
        @DefaultValue("0") int eventLoops) {

    static final String ECHO = "echo";

    TcpProperties {
        if (eventLoops < 0 || eventLoops > 256) {
            throw new IllegalArgumentException(
                    "holdfast.tcp.event-loops: " + eventLoops + " is not from 0 (chosen by cores) to 256; valid: 2");
        }
        listeners = new LinkedHashMap<>(listeners);
        listeners.putIfAbsent(ECHO, new Listener(8888, "0.0.0.0", Protocol.ECHO));
        listeners.forEach(TcpProperties::check);
    }

    private static void check(String name, Listener listener) {
        if (listener.port() < 0 || listener.port() > 65535) {
            throw new IllegalArgumentException(property(name, "port") + ": " + listener.port()
                    + " is not from 0 (any free one) to 65535; valid: 8888");
        }
    }

    static String property(String listener, String setting) {
        return "holdfast.tcp.listeners." + listener + "." + setting;
    }

    int threads() {
        return eventLoops > 0 ? eventLoops : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /**
     * One listener.
     *
     * @param port 0 picks a free one; a taken one stops the start. Default: 8888
     * @param address local address to listen on. Default: all
     * @param protocol what is spoken. Default: echo
     */
    record Listener(
            @DefaultValue("8888") int port,
            @DefaultValue("0.0.0.0") String address,
            @DefaultValue("echo") Protocol protocol) {}

    /** What a listener speaks. */
    enum Protocol {
        /** Every byte comes back, without framing. */
        ECHO
    }
}
