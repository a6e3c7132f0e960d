// SPDX-License-Identifier: Apache-2.0
/** What the service says of itself in openapi.json and asyncapi.json, against what it does. */
@NullMarked
package io.holdfast.api;

import org.jspecify.annotations.NullMarked;
