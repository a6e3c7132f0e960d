// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.nio.file.Path;

/** Where tests put files that other tests use again. Test classes that run at the same time are in JVMs of their own. */
public final class TestFolder {

    /** Those that run at the same time have different numbers. */
    private static final String JVM = System.getProperty("holdfast.test.jvm", "1");

    private TestFolder() {}

    /** Of this JVM alone. */
    public static Path own(String name) {
        return shared(name).resolve(JVM);
    }

    /** For what may be used by several programs at a time. */
    public static Path shared(String name) {
        return Path.of("target", name).toAbsolutePath();
    }
}
