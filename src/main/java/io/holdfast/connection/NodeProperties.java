// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.settings.Setting;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The identity of this node.
 *
 * @param node its name: part of each connection's id, and a tag of each meter. 1 to 32 letters, digits, hyphens or
 *     underscores; no two nodes may have the same. Default: four random letters and digits, different at each start
 */
@ConfigurationProperties("holdfast")
record NodeProperties(@Nullable String node) {

    // It is part of paths, as /actuator/connections/c-web-1-2f, and every peer sees it.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    NodeProperties {
        if (node != null) {
            new Setting("holdfast.node", "web-1").text(node, NAME, "1 to 32 letters, digits, hyphens or underscores");
        }
    }
}
