/** How long a connection may be silent before something ends it, who that is, and what helps. */
@NullMarked
package io.holdfast.probe.survive;

import org.jspecify.annotations.NullMarked;
