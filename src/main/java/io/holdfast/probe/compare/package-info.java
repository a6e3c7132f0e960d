/** The same message on each transport: what it takes in time and bytes. */
@NullMarked
package io.holdfast.probe.compare;

import org.jspecify.annotations.NullMarked;
