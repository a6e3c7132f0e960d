package io.holdfast.probe;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.TcpAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command goes; the same options for all of them. */
final class Targets {

    @Option(
            names = "--http",
            paramLabel = "<url>",
            description = "Where the service is for HTTP and WebSocket, as http://localhost:8080.")
    @Nullable
    HttpAddress http;

    @Option(names = "--tcp", paramLabel = "<host:port>", description = "Its raw echo, as localhost:8888.")
    @Nullable
    TcpAddress tcp;

    @Option(
            names = "--lines",
            paramLabel = "<host:port>",
            description =
                    "Its channel protocol by lines, as localhost:8889. With TLS, here and for --tcp: tls://host:port.")
    @Nullable
    TcpAddress lines;

    @Option(names = "--insecure", description = "Take any certificate.")
    boolean insecure;
}
