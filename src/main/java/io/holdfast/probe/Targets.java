// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.TcpAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a service, and how to talk to it. */
final class Targets {

    @Option(
            names = "--http",
            paramLabel = "<url>",
            description = "The service's address for HTTP and WebSocket, as http://localhost:8080; https:// for TLS.")
    @Nullable
    HttpAddress http;

    @Option(
            names = "--tcp",
            paramLabel = "<host:port>",
            description = "The service's TCP echo, as localhost:8888. With TLS, here and for --lines: tls://host:port.")
    @Nullable
    TcpAddress tcp;

    @Option(
            names = "--lines",
            paramLabel = "<host:port>",
            description = "The service's channel protocol on TCP lines, as localhost:8889.")
    @Nullable
    TcpAddress lines;

    @Mixin
    HttpVersionOption httpVersion = new HttpVersionOption();

    @Mixin
    TlsOptions tls = new TlsOptions();

    @Mixin
    TokenOption token = new TokenOption();
}
