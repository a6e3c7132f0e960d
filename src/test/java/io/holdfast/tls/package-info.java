@NullMarked
package io.holdfast.tls;

import org.jspecify.annotations.NullMarked;
