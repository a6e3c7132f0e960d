package io.holdfast.tcp;

import io.holdfast.net.EventLoops;
import io.holdfast.net.SocketTransport;
import java.util.Locale;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TcpConfiguration {

    /** The settings are of TCP, so they apply to the sockets of all ports. */
    @Bean
    EventLoops eventLoops(TcpProperties properties) {
        return new EventLoops(
                SocketTransport.of(properties.transport().name().toLowerCase(Locale.ROOT)), properties.threads());
    }
}
