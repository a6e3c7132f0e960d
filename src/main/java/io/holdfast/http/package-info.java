// SPDX-License-Identifier: Apache-2.0
/** HTTP: the echo, the channels, and streams that outlive the request that asked for them. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "access",
            "settings",
            "time",
            "connection",
            "delivery",
            "fault",
            "jetty",
            "channel",
            "session",
            "memory",
            "net",
            "tls"
        })
package io.holdfast.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
