package io.holdfast.jetty;

import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.settings.Setting;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The proxies before this service, which name the addresses of their clients.
 *
 * @param trusted addresses of proxies, or ranges of them, as {@code 10.0.0.1} or {@code 10.0.0.0/8}. Only they can name the
 *     address of a client. Default: none; then every peer has the address of its socket, and forwarded headers are not read
 * @param header the header that they write. Each proxy has to replace or to extend what its client sent. Default:
 *     x-forwarded-for
 * @param proxyProtocol whether each connection to {@code server.port} has to begin with a header of the PROXY protocol, version
 *     1 or 2, which names the address of the client. Connections of others than {@code trusted} are closed. Default: false
 */
@ConfigurationProperties("holdfast.proxies")
record ProxyProperties(
        @DefaultValue List<String> trusted,
        @DefaultValue("x-forwarded-for") ForwardedHeader header,
        @DefaultValue("false") boolean proxyProtocol) {

    ProxyProperties {
        trusted = List.copyOf(trusted);
        Setting setting = new Setting("holdfast.proxies.trusted", "10.0.0.0/8");
        trusted.forEach(range -> setting.value(
                range, AddressRange.parse(range) != null, "an IP address, or a range as address/prefix length"));
        if (proxyProtocol && trusted.isEmpty()) {
            throw new InvalidSettingException(
                    "holdfast.proxies.proxy-protocol",
                    "true",
                    "needs the proxies whose headers are taken, in holdfast.proxies.trusted",
                    List.of(new Example("holdfast.proxies.trusted", "10.0.0.1")));
        }
    }

    List<AddressRange> ranges() {
        return trusted.stream().map(AddressRange::of).toList();
    }
}
