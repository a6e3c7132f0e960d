// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.net.EventLoops;
import io.holdfast.net.SocketTransport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TcpConfiguration {

    /** The settings are of TCP, so they apply to the sockets of all ports. */
    @Bean
    EventLoops eventLoops(TcpProperties properties) {
        SocketTransport transport = properties.transport() == TcpProperties.Transport.AUTO
                ? SocketTransport.best()
                : SocketTransport.valueOf(properties.transport().name()).checked();
        return new EventLoops(transport, properties.threads());
    }
}
