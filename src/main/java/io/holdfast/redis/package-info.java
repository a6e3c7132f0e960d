// SPDX-License-Identifier: Apache-2.0
/**
 * What several nodes share: histories of channels in Redis streams, announcements by pub/sub, revocations of tokens,
 * and tickets.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings", "time", "channel", "access"})
package io.holdfast.redis;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
