/** Thousands of connections from one process: how many stand, and how long messages take at a given rate. */
@NullMarked
package io.holdfast.probe.load;

import org.jspecify.annotations.NullMarked;
