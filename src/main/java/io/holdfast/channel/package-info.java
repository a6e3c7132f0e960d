// SPDX-License-Identifier: Apache-2.0
/** Channels: messages in order, histories, subscriptions and resuming. Independent of transports. */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings", "time", "memory"})
package io.holdfast.channel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
