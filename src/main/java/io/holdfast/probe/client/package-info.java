// SPDX-License-Identifier: Apache-2.0
/** Clients for TCP, WebSocket and HTTP, on Netty, that measure bytes and times on the wire and record how it ends. */
@NullMarked
package io.holdfast.probe.client;

import org.jspecify.annotations.NullMarked;
