// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.access.Principal;
import io.holdfast.access.TestAccess;
import io.holdfast.settings.Defaults;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A registry of connections as a service with its defaults has it, without the rest of the service. */
public final class Registry {

    /** File descriptors that the process may have: enough for as many connections as the settings allow. */
    private static final int FILES = 20_000;

    private static final int OPEN_FILES = 200;

    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 50_000);

    private Registry() {}

    public static Connections create() {
        LimitProperties limits = Defaults.of(LimitProperties.class);
        Refusals refusals = new Refusals(System::nanoTime);
        return new Connections(
                new Node(new NodeProperties("web-1")),
                limits,
                new Sockets(refusals, limits, System::nanoTime, FILES, OPEN_FILES),
                new Traffic(),
                refusals,
                new RateLimits(limits, System::nanoTime),
                TestAccess.local(),
                System::nanoTime);
    }

    /** A request of one address. */
    public static ConnectionRequest request() {
        return new ConnectionRequest(Transport.TCP, "benchmark", PEER, null, Principal.NOBODY);
    }

    /** One more connection, which has its permits. */
    public static Connection admit(Connections connections, ConnectionRequest request) {
        return switch (connections.admit(request)) {
            case Admission.Admitted(Connection connection) -> connection;
            case Admission.Refused refused -> throw new IllegalStateException(refused.toString());
        };
    }
}
