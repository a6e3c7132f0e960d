/** What a client or a listener's settings asked to go wrong on a connection, as a value, and the outbox that carries it out. */
@NullMarked
@ApplicationModule(allowedDependencies = {"time", "connection"})
package io.holdfast.fault;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
