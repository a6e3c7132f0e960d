@NullMarked
package io.holdfast.tracing;

import org.jspecify.annotations.NullMarked;
