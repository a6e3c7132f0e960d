// SPDX-License-Identifier: Apache-2.0
/**
 * The commands: clients that measure which connections survive, what messages cost, and how much load a server takes.
 *
 * <p>They run in a process of their own, without the service's beans. So they read {@code System.nanoTime} themselves, and
 * schedule on Netty's event loops.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"access"})
package io.holdfast.probe;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
