// SPDX-License-Identifier: Apache-2.0
/** What HTTP streams and WebSockets share of Jetty: a Netty channel and a stream of HTTP/2 as end points, end points as wires, the connection upgrade, inspection, proxies. */
@NullMarked
@ApplicationModule(allowedDependencies = {"access", "settings", "time", "connection", "delivery", "net"})
package io.holdfast.jetty;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
