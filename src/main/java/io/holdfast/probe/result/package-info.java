// SPDX-License-Identifier: Apache-2.0
/** Formats of results: tables, JSON, times. */
@NullMarked
package io.holdfast.probe.result;

import org.jspecify.annotations.NullMarked;
