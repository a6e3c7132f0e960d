// SPDX-License-Identifier: Apache-2.0
/** The channel protocol: commands, events, and one connection's subscriptions, for all transports. */
@NullMarked
@ApplicationModule(allowedDependencies = {"access", "time", "channel", "connection", "delivery", "memory"})
package io.holdfast.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
