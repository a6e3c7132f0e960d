package io.holdfast;

import io.holdfast.support.Http2Relay;
import io.holdfast.support.Ports;
import io.holdfast.support.ServiceProcess;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;

/** Over HTTP/2 with TLS, in the place of HTTP/1.1. */
class AttackOverHttp2Test extends AttackOverTlsTest {

    @AutoClose
    private final Http2Relay relay = new Http2Relay(this::http);

    AttackOverHttp2Test() throws IOException {}

    @Override
    Ports reach(ServiceProcess started) {
        return started.ports().withHttp(relay.port());
    }

    /** A body over HTTP/2 has no chunks. */
    @Override
    List<String> framings() {
        return List.of("Content-Length: ");
    }

    /** A session of the relay has one stream. */
    @Override
    int requests() {
        return 1;
    }
}
