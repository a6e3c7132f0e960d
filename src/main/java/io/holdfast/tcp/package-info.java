// SPDX-License-Identifier: Apache-2.0
/** TCP on Netty: the listeners, the echo, and the channel protocol by lines. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "access",
            "settings",
            "time",
            "connection",
            "delivery",
            "fault",
            "session",
            "memory",
            "net",
            "tls"
        })
package io.holdfast.tcp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
