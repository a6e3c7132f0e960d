// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import io.holdfast.time.MonotonicClock;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** What verifies tokens, and where nodes keep what all of them have to know. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    /** @param issuers from Spring Boot's own properties */
    @Bean
    TokenVerifier tokenVerifier(AccessProperties settings, ObjectProvider<JwtDecoder> issuers, InstantSource clock) {
        Stream<JwtDecoder> secrets = settings.secret().stream()
                .map(secret -> Objects.requireNonNull(TokenSecret.of(secret)).decoder());
        List<JwtDecoder> decoders =
                Stream.concat(secrets, issuers.orderedStream()).toList();
        return new TokenVerifier(decoders, settings.claim(), clock);
    }

    @Bean
    @ConditionalOnProperty(name = "holdfast.broker", havingValue = "local", matchIfMissing = true)
    AccessStore localAccessStore(MonotonicClock clock) {
        return new LocalAccessStore(clock);
    }
}
