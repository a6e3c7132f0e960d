// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import io.holdfast.settings.InvalidSettingException;
import io.holdfast.settings.SettingRule;
import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;

/** The rules for the settings of an identity provider, which have Spring Boot's names. */
class IssuerSettings implements SettingRule {

    /** They would change who somebody is, or what is accepted: to ignore them could let the wrong ones in. */
    private static final List<String> UNSUPPORTED = List.of(
            "spring.security.oauth2.resourceserver.opaquetoken.introspection-uri",
            IssuerProperties.PREFIX + ".principal-claim-name",
            IssuerProperties.PREFIX + ".authorities-claim-name",
            IssuerProperties.PREFIX + ".authorities-claim-delimiter",
            IssuerProperties.PREFIX + ".authorities-claim-expressions",
            IssuerProperties.PREFIX + ".authority-prefix");

    @Override
    public void check(Binder settings) {
        for (String property : UNSUPPORTED) {
            settings.bind(property, String.class).ifBound(value -> {
                throw new InvalidSettingException(
                        property,
                        null,
                        "not supported: the claim sub is who somebody is, and the claim of holdfast.access.claim what"
                                + " somebody may do",
                        List.of());
            });
        }
        settings.bind(IssuerProperties.PREFIX, IssuerProperties.class);
    }
}
