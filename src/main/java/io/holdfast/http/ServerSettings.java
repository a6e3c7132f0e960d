// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.settings.Setting;
import io.holdfast.settings.SettingRule;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Binder;

/** The rules for Spring Boot's settings of the web server. */
class ServerSettings implements SettingRule {

    static final String PORT = "server.port";
    static final String MANAGEMENT_PORT = "management.server.port";

    private static final String PRIVATE_KEY = "server.ssl.certificate-private-key";
    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern PATH = Pattern.compile("|/|/.*[^/]");

    @Override
    public void check(Binder settings) {
        settings.bind(PORT, Integer.class).ifBound(port -> new Setting(PORT, "8080").number(port, 0, HIGHEST_PORT));
        // -1 switches the endpoints off.
        settings.bind(MANAGEMENT_PORT, Integer.class)
                .ifBound(port -> new Setting(MANAGEMENT_PORT, "8081").number(port, -1, HIGHEST_PORT));
        checkPath(settings, "server.servlet.context-path");
        checkPath(settings, "management.server.base-path");
        if (settings.bind("server.ssl.certificate", String.class).isBound()) {
            settings.bind(PRIVATE_KEY, String.class).orElseThrow(ServerSettings::withoutPrivateKey);
        }
    }

    private static InvalidSettingException withoutPrivateKey() {
        return new InvalidSettingException(
                PRIVATE_KEY,
                null,
                "not set; it has to be the file with the private key of server.ssl.certificate",
                List.of(new Example(PRIVATE_KEY, "private-key.pem")));
    }

    private static void checkPath(Binder settings, String name) {
        settings.bind(name, String.class)
                .ifBound(path -> new Setting(name, "/holdfast")
                        .text(path, PATH, "a path that begins with / and does not end with it"));
    }
}
