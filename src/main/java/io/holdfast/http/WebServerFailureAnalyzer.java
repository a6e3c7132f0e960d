// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.settings.Example;
import io.holdfast.settings.FreePort;
import io.holdfast.settings.InvalidSettingAnalyzer;
import io.holdfast.settings.InvalidSettingException;
import java.net.SocketException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Explains why the web server cannot listen: its port or its address. */
// Before Spring Boot's analyzer of ports, which names no property.
@Order(Ordered.HIGHEST_PRECEDENCE)
class WebServerFailureAnalyzer extends InvalidSettingAnalyzer {

    private static final String ADDRESS = "server.address";

    WebServerFailureAnalyzer(@Nullable Environment environment) {
        super(environment);
    }

    @Override
    protected @Nullable InvalidSettingException invalid(Throwable failure) {
        PortInUseException inUse = findCause(failure, PortInUseException.class);
        if (inUse != null) {
            return port(inUse.getPort(), "is in use. Stop what uses the port, or set another one");
        }
        SocketException socket = findCause(failure, SocketException.class);
        if (socket == null || findCause(failure, WebServerException.class) == null) {
            return null;
        }
        String address = value(ADDRESS, "");
        return address.isEmpty()
                ? port(Integer.parseInt(value(ServerSettings.PORT, "8080")), "cannot be used: " + socket.getMessage())
                : new InvalidSettingException(
                        ADDRESS,
                        address,
                        "cannot be listened on: " + socket.getMessage(),
                        List.of(new Example(ADDRESS, "127.0.0.1")));
    }

    private InvalidSettingException port(int port, String reason) {
        String text = String.valueOf(port);
        String property =
                text.equals(value(ServerSettings.MANAGEMENT_PORT, "")) && !text.equals(value(ServerSettings.PORT, ""))
                        ? ServerSettings.MANAGEMENT_PORT
                        : ServerSettings.PORT;
        return new InvalidSettingException(
                property, text, reason, List.of(new Example(property, String.valueOf(FreePort.near(null, port)))));
    }

    private String value(String property, String usual) {
        Environment environment = environment();
        return environment == null ? usual : Objects.requireNonNullElse(environment.getProperty(property), usual);
    }
}
