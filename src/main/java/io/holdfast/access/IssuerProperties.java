// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.settings.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.util.StringUtils;

/**
 * Whose tokens are accepted. These are the names that Spring Boot has for it. Its own auto-configuration is not used:
 * it brings filters for all requests, looks for the issuer's metadata again for each token until it finds it, and does
 * not limit how often keys are fetched.
 *
 * @param issuerUri the claim {@code iss} of the tokens. Below it, its metadata tell where the keys are, unless
 *     {@code jwk-set-uri} does. Default: none
 * @param jwkSetUri where the keys are: a JWK set. Default: none
 * @param publicKeyLocation the file with the one RSA key, or its certificate, in PEM format. Default: none
 * @param audiences of which a token has to have one in its claim {@code aud}. Default: all are accepted
 * @param jwsAlgorithms what tokens may be signed with. Default: RS256, or what the keys of {@code issuer-uri} are for
 */
@ConfigurationProperties(IssuerProperties.PREFIX)
record IssuerProperties(
        @Nullable String issuerUri,
        @Nullable String jwkSetUri,
        @Nullable String publicKeyLocation,
        @DefaultValue List<String> audiences,
        @DefaultValue List<String> jwsAlgorithms) {

    static final String PREFIX = "spring.security.oauth2.resourceserver.jwt";

    static final String ISSUER = PREFIX + ".issuer-uri";
    static final String KEYS = PREFIX + ".jwk-set-uri";
    static final String PUBLIC_KEY = PREFIX + ".public-key-location";
    private static final String AUDIENCES = PREFIX + ".audiences";
    private static final String ALGORITHMS = PREFIX + ".jws-algorithms";

    IssuerProperties {
        issuerUri = StringUtils.hasText(issuerUri) ? issuerUri.strip() : null;
        jwkSetUri = StringUtils.hasText(jwkSetUri) ? jwkSetUri.strip() : null;
        publicKeyLocation = StringUtils.hasText(publicKeyLocation) ? publicKeyLocation.strip() : null;
        audiences = List.copyOf(audiences);
        jwsAlgorithms = List.copyOf(jwsAlgorithms);
        checkAddress(ISSUER, issuerUri, "https://login.example.org");
        checkAddress(KEYS, jwkSetUri, "https://login.example.org/keys");
        for (String algorithm : jwsAlgorithms) {
            new Setting(ALGORITHMS, "RS256")
                    .value(algorithm, SignatureAlgorithm.from(algorithm) != null, "one of " + algorithmNames());
        }
        if (publicKeyLocation != null) {
            checkPublicKey(publicKeyLocation, issuerUri == null ? jwkSetUri : issuerUri, jwsAlgorithms);
        }
        if (issuerUri == null && jwkSetUri == null && publicKeyLocation == null) {
            checkUnused(AUDIENCES, audiences);
            checkUnused(ALGORITHMS, jwsAlgorithms);
        }
    }

    private static void checkAddress(String property, @Nullable String address, String example) {
        if (address != null) {
            new Setting(property, example).value(address, isAddress(address), "a URL: http or https, and a host");
        }
    }

    static boolean isAddress(String text) {
        try {
            URI address = new URI(text);
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            return address.getHost() != null && (scheme.equals("https") || scheme.equals("http"));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String algorithmNames() {
        return Stream.of(SignatureAlgorithm.values())
                .map(SignatureAlgorithm::getName)
                .collect(Collectors.joining(", "));
    }

    private static void checkPublicKey(String location, @Nullable String server, List<String> algorithms) {
        if (server != null) {
            throw new InvalidSettingException(
                    PUBLIC_KEY,
                    location,
                    "is a second source of keys: there is " + server + ". Remove one of the two",
                    List.of());
        }
        boolean isOfRsa = algorithms.stream().noneMatch(name -> name.startsWith("ES"));
        new Setting(ALGORITHMS, "RS256")
                .value(
                        String.join(",", algorithms),
                        algorithms.size() <= 1 && isOfRsa,
                        "one algorithm of RSA, as public-key-location is set");
    }

    private static RSAPublicKey read(String location) {
        try (InputStream file = ApplicationResourceLoader.get(new ApplicationResourceLoader(), true)
                .getResource(location)
                .getInputStream()) {
            return Objects.requireNonNull(RsaKeyConverters.x509().convert(file));
        } catch (IOException e) {
            throw unusable(location, "does not exist, or cannot be read");
        } catch (RuntimeException e) {
            throw unusable(location, "is not a file with an RSA public key in PEM format");
        }
    }

    private static InvalidSettingException unusable(String location, String reason) {
        return new InvalidSettingException(
                PUBLIC_KEY, location, reason, List.of(new Example(PUBLIC_KEY, "/etc/holdfast/issuer.pem")));
    }

    private static void checkUnused(String property, List<String> values) {
        if (!values.isEmpty()) {
            throw new InvalidSettingException(
                    property,
                    String.join(",", values),
                    "has no effect: none of issuer-uri, jwk-set-uri and public-key-location is set",
                    List.of(new Example(ISSUER, "https://login.example.org")));
        }
    }

    /**
     * Reads the one key.
     *
     * @return null if keys are fetched
     */
    @Nullable
    RSAPublicKey publicKey() {
        return publicKeyLocation == null ? null : read(publicKeyLocation);
    }

    /**
     * What tokens may be signed with. All are for public keys: a key that everybody knows must not work as a secret.
     */
    Set<SignatureAlgorithm> algorithms() {
        if (!jwsAlgorithms.isEmpty()) {
            return jwsAlgorithms.stream().map(SignatureAlgorithm::from).collect(Collectors.toSet());
        }
        return jwkSetUri == null && publicKeyLocation == null
                ? Set.of(SignatureAlgorithm.values())
                : Set.of(SignatureAlgorithm.RS256);
    }
}
