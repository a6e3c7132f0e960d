package io.holdfast.support;

import java.util.Map;
import java.util.Objects;
import org.springframework.boot.actuate.info.InfoEndpoint;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.env.Environment;

/** The free ports that the application under test was given. */
@TestComponent
public class Ports {

    private final Environment environment;
    private final InfoEndpoint info;

    Ports(Environment environment, InfoEndpoint info) {
        this.environment = environment;
        this.info = info;
    }

    public int http() {
        return environment.getRequiredProperty("local.server.port", Integer.class);
    }

    public int tcpEcho() {
        return tcp("echo");
    }

    public int tcpLines() {
        return tcp("lines");
    }

    /** Of the TCP listener with this name. */
    public int tcp(String listener) {
        Map<?, ?> tcp = (Map<?, ?>) Objects.requireNonNull(info.info().get("tcp"));
        Map<?, ?> listeners = (Map<?, ?>) Objects.requireNonNull(tcp.get("listeners"));
        return (Integer) Objects.requireNonNull(listeners.get(listener));
    }
}
