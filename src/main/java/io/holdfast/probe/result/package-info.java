/** Formats of results: tables, JSON, times. */
@NullMarked
package io.holdfast.probe.result;

import org.jspecify.annotations.NullMarked;
