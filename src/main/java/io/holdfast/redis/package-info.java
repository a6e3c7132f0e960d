/** The broker of several nodes: histories in Redis streams, announcements by pub/sub. */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings", "time", "channel"})
package io.holdfast.redis;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
