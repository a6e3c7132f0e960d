// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;

/**
 * What is wrong with a setting, and what to do, each in one line.
 *
 * @param description names the property, its value, what is wrong with it, and where it is set
 * @param action with an example that is accepted
 */
record Explanation(String description, String action) {

    /**
     * @param set the property as it is set; null if that is not known
     * @param recommended what to set instead; null if the setting is to be removed
     */
    static Explanation of(
            InvalidSettingException invalid, @Nullable ConfigurationProperty set, @Nullable Example recommended) {
        String written = set == null ? null : withoutPassword(String.valueOf(set.getValue()));
        String origin = set == null || set.getOrigin() == null ? "" : " (set as " + set.getOrigin() + ")";
        return new Explanation(
                invalid.description(written) + origin,
                recommended == null
                        ? "Remove " + invalid.property()
                        : "Use a valid setting, for example " + recommended);
    }

    /** As a URL may have one. */
    private static String withoutPassword(String value) {
        return value.replaceAll("//[^/]*@", "//***@");
    }
}
