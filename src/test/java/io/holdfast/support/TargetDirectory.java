package io.holdfast.support;

import java.nio.file.Path;

/** Directories below Maven's {@code target}. Several JVMs may run tests at a time, so each has its own. */
public final class TargetDirectory {

    private static final long PROCESS = ProcessHandle.current().pid();

    private TargetDirectory() {}

    /** An absolute path, of this JVM alone. It may not exist yet. */
    public static Path of(String name) {
        return Path.of("target", name, Long.toString(PROCESS)).toAbsolutePath();
    }
}
