// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import io.holdfast.support.Http2Relay;
import io.holdfast.support.Ports;
import io.holdfast.support.ServiceProcess;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.springframework.util.StringUtils;

/** Over HTTP/2 in the place of HTTP/1.1. The limits are lower: all goes through a relay. */
class AttackOverHttp2Test extends AttackTest {

    @AutoClose
    private final Http2Relay relay = new Http2Relay(this::http);

    AttackOverHttp2Test() throws IOException {}

    @Override
    Ports reach(ServiceProcess started) {
        return started.ports().withHttp(relay.port());
    }

    @Override
    ServiceProcess start(List<String> options, String... settings) throws Exception {
        return super.start(options, StringUtils.addStringToArray(settings, "--server.http2.enabled=true"));
    }

    @Override
    int scale() {
        return 8;
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
