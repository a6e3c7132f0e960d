// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version, from the build's metadata. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties build = new Properties();
        try (InputStream stored = Version.class.getResourceAsStream("/META-INF/build-info.properties")) {
            if (stored != null) {
                build.load(stored);
            }
        }
        return new String[] {
            "holdfast " + build.getProperty("build.version", "(not built)") + ", Java " + Runtime.version()
        };
    }
}
