/** Real Redis servers, and nodes on them. */
@NullMarked
package io.holdfast.redis;

import org.jspecify.annotations.NullMarked;
