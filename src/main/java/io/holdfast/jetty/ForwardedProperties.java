package io.holdfast.jetty;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How proxies over HTTP name the addresses of their clients.
 *
 * @param header the header that they write. Each proxy has to replace or to extend what its client sent. Default:
 *     x-forwarded-for
 */
@ConfigurationProperties("holdfast.proxies")
record ForwardedProperties(@DefaultValue("x-forwarded-for") ForwardedHeader header) {}
