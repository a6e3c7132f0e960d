/** Clients that notice what passes on the wire, when, and how it ends: TCP, WebSocket and HTTP on Netty. */
@NullMarked
package io.holdfast.probe.client;

import org.jspecify.annotations.NullMarked;
