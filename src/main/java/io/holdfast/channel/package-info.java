/** Channels: messages in order, their histories, who is subscribed, and how subscribers resume. Knows no transport. */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings", "time"})
package io.holdfast.channel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
