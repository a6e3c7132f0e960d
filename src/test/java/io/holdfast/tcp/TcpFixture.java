package io.holdfast.tcp;

import io.holdfast.connection.Traffic;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.util.Map;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

/** Listeners without the rest of the application. */
final class TcpFixture {

    private TcpFixture() {}

    static Traffic traffic() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Traffic.class)) {
            return context.getBean(Traffic.class);
        }
    }

    /** An echo on any free port, not started. */
    static TcpProperties anyPort() {
        return with(Map.of(TcpProperties.ECHO, local(0)));
    }

    static TcpProperties with(Map<String, TcpProperties.Listener> listeners) {
        return new TcpProperties(listeners, 1);
    }

    static TcpProperties.Listener local(int port) {
        return new TcpProperties.Listener(port, "127.0.0.1", TcpProperties.Protocol.ECHO);
    }

    /** A listener that talks to the kernel by {@code transport}, where it would choose the best by itself. */
    static TcpListener on(TcpTransport transport, TcpProperties properties, Traffic traffic) {
        TcpListener listener = new TcpListener(properties, traffic);
        ReflectionTestUtils.setField(listener, "transport", transport);
        return listener;
    }

    static boolean isAvailable(TcpTransport transport) {
        return switch (transport) {
            case IO_URING -> IoUring.isAvailable();
            case EPOLL -> Epoll.isAvailable();
            case NIO -> true;
        };
    }

    static int port(TcpListener listener) {
        return listener.ports().getOrDefault(TcpProperties.ECHO, -1);
    }
}
