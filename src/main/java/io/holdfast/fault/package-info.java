// SPDX-License-Identifier: Apache-2.0
/** What a client or a listener's settings asked to go wrong on a connection, and the decorator that carries it out. */
@NullMarked
@ApplicationModule(allowedDependencies = {"time", "connection", "delivery", "memory"})
package io.holdfast.fault;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
