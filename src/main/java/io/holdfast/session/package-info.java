/** The channel protocol of the JSON transports: commands in, events out, and one connection's subscriptions between. */
@NullMarked
@ApplicationModule(allowedDependencies = {"channel", "connection", "delivery"})
package io.holdfast.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
