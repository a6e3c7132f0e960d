package io.holdfast.support;

import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The ports of the application under test, with a relay in front of that for HTTP. */
@TestConfiguration(proxyBeanMethods = false)
class TlsPorts {

    @Bean
    TlsRelay tlsRelay(@Qualifier("io.holdfast.support.Ports") Ports ports) throws IOException {
        return new TlsRelay(ports::http, TestBundle.client());
    }

    @Bean
    @Primary
    Ports portsOverTls(@Qualifier("io.holdfast.support.Ports") Ports ports, TlsRelay relay) {
        return ports.withHttp(relay.port());
    }
}
