// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How proxies over HTTP name the addresses of their clients.
 *
 * @param header the header that they write. Each proxy has to replace or to extend what its client sent. Default:
 *     x-forwarded-for
 * @param proxyProtocol whether each connection to {@code server.port} has to begin with a header of the PROXY protocol, version
 *     1 or 2, which names the address of the client. Connections of others than {@code holdfast.proxies.trusted} are closed.
 *     Default: false
 */
@ConfigurationProperties("holdfast.proxies")
record ForwardedProperties(
        @DefaultValue("x-forwarded-for") ForwardedHeader header,
        @DefaultValue("false") boolean proxyProtocol) {}
