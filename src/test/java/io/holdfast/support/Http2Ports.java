// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The ports of the application under test, with a relay in front of that for HTTP. */
@TestConfiguration(proxyBeanMethods = false)
class Http2Ports {

    @Bean
    Http2Relay http2Relay(@Qualifier("io.holdfast.support.Ports") Ports ports) throws IOException {
        return new Http2Relay(ports::http);
    }

    @Bean
    @Primary
    Ports portsOverHttp2(@Qualifier("io.holdfast.support.Ports") Ports ports, Http2Relay relay) {
        return ports.withHttp(relay.port());
    }
}
