// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * The limit of open files, and so of connections, for this process.
 *
 * @param allowed as {@code ulimit -n}, raised by the JVM to the hard limit
 * @param open files that are open now
 */
public record FileLimit(long allowed, long open) {

    /** Files that event loops and the JVM need. */
    private static final int RESERVE = 64;

    /** Null if the operating system does not tell. */
    public static @Nullable FileLimit ofProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? new FileLimit(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount())
                : null;
    }

    /** How many more connections are possible. */
    public long connections() {
        return Math.max(0, allowed - open - RESERVE);
    }
}
