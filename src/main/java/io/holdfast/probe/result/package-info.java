/** How results are written: tables, JSON, times. */
@NullMarked
package io.holdfast.probe.result;

import org.jspecify.annotations.NullMarked;
