// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

/** A connection on which HTTP has not begun. {@link RequestHeadDeadline} closes it if that takes too long. */
interface BeforeHttp {

    /** Whether HTTP has begun since, on a connection inside of this one. */
    boolean isOver();

    /** Counts it as too slow. */
    void late();
}
