package io.holdfast.probe.load;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * How many files, and so connections, this process may have open.
 *
 * @param allowed as {@code ulimit -n}, raised by the JVM as far as it may
 * @param open now
 */
public record FileLimit(long allowed, long open) {

    /** For event loops, publishers, and what the JVM opens by itself. */
    private static final int RESERVE = 64;

    /** Null where the operating system does not tell. */
    public static @Nullable FileLimit ofProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? new FileLimit(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount())
                : null;
    }

    /** How many connections there is room for. */
    public long connections() {
        return Math.max(0, allowed - open - RESERVE);
    }
}
