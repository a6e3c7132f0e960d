// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.client.HttpProtocol;
import picocli.CommandLine.Option;

/** The version of HTTP that a command speaks. */
final class HttpVersionOption {

    @Option(
            names = "--http-version",
            paramLabel = "<1.1|2>",
            defaultValue = "1.1",
            description =
                    "Version of HTTP for requests, streams and WebSockets. HTTP/2 is used by prior knowledge, over TLS"
                            + " by ALPN. Default: ${DEFAULT-VALUE}, with TLS, too.")
    HttpProtocol version = HttpProtocol.HTTP_1_1;
}
