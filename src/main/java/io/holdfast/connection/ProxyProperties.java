// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.settings.Setting;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The proxies before this service, which name the addresses of their clients.
 *
 * @param trusted addresses of proxies, or ranges of them, as {@code 10.0.0.1} or {@code 10.0.0.0/8}. Only they can name the
 *     address of a client. Default: none; then every peer has the address of its socket, and forwarded headers are not read
 */
@ConfigurationProperties("holdfast.proxies")
record ProxyProperties(@DefaultValue List<String> trusted) {

    ProxyProperties {
        trusted = List.copyOf(trusted);
        Setting setting = new Setting("holdfast.proxies.trusted", "10.0.0.0/8");
        trusted.forEach(range -> setting.value(
                range, AddressRange.parse(range) != null, "an IP address, or a range as address/prefix length"));
    }

    List<AddressRange> ranges() {
        return trusted.stream().map(AddressRange::of).toList();
    }
}
