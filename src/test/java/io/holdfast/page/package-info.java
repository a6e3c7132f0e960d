/** The page in a real browser, against the whole service. */
@NullMarked
package io.holdfast.page;

import org.jspecify.annotations.NullMarked;
