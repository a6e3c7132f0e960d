/** The rules of sending on one connection, whatever its transport. */
@NullMarked
package io.holdfast.delivery;

import org.jspecify.annotations.NullMarked;
