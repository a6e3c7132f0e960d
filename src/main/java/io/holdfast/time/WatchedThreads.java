// SPDX-License-Identifier: Apache-2.0
package io.holdfast.time;

import java.util.Map;
import java.util.concurrent.Executor;

/** Threads on which a part of the service depends. Every bean of this type is watched: liveness is lost if one is stuck. */
@FunctionalInterface
public interface WatchedThreads {

    /** By the name of a thread, or of a few alike: what runs a short task there, after the tasks that wait already. */
    Map<String, Executor> watched();
}
