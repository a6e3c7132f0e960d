// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import org.springframework.boot.context.properties.bind.Binder;

/**
 * A rule for settings that no record of this service has, such as Spring Boot's own. Implementations are listed in
 * {@code META-INF/spring.factories}.
 */
public interface SettingRule {

    /**
     * Checks the settings that it is about.
     *
     * @param settings all that are set
     * @throws InvalidSettingException for one that would stop the start later, with a message that does not name it
     */
    void check(Binder settings);
}
