// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.holdfast.time.MonotonicClock;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.util.StringUtils;

/** The decoder of an identity provider's tokens, if there is one. Nothing is fetched before the first token comes. */
@Configuration(proxyBeanMethods = false)
@Conditional(IssuerConfiguration.OnIssuer.class)
class IssuerConfiguration {

    @Bean
    JwtDecoder issuerDecoder(IssuerProperties issuer, MonotonicClock clock) {
        RSAPublicKey key = issuer.publicKey();
        NimbusJwtDecoder decoder = key == null
                ? decoder(issuer, new IssuerKeys(new KeyServer(issuer.issuerUri(), issuer.jwkSetUri()), clock))
                : NimbusJwtDecoder.withPublicKey(key)
                        .signatureAlgorithm(issuer.algorithms().iterator().next())
                        .build();
        decoder.setJwtValidator(validator(issuer));
        return decoder;
    }

    private static NimbusJwtDecoder decoder(IssuerProperties issuer, JWKSource<SecurityContext> keys) {
        return NimbusJwtDecoder.withJwkSource(keys)
                .jwsAlgorithms(algorithms -> algorithms.addAll(issuer.algorithms()))
                .build();
    }

    private static OAuth2TokenValidator<Jwt> validator(IssuerProperties issuer) {
        List<OAuth2TokenValidator<Jwt>> validators = new ArrayList<>();
        // An access token may say that it is one (RFC 9068). Other kinds, as for a logout, are refused.
        JwtTypeValidator type = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        type.setAllowEmpty(true);
        validators.add(type);
        if (issuer.issuerUri() != null) {
            validators.add(new JwtIssuerValidator(issuer.issuerUri()));
        }
        if (!issuer.audiences().isEmpty()) {
            validators.add(new JwtClaimValidator<Collection<String>>(
                    JwtClaimNames.AUD, audiences -> !Collections.disjoint(audiences, issuer.audiences())));
        }
        return JwtValidators.createDefaultWithValidators(validators);
    }

    /** Whether keys of an identity provider are configured. */
    static final class OnIssuer implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return Stream.of(IssuerProperties.ISSUER, IssuerProperties.KEYS, IssuerProperties.PUBLIC_KEY)
                    .anyMatch(property ->
                            StringUtils.hasText(context.getEnvironment().getProperty(property)));
        }
    }
}
