// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.settings.Setting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may do what. Tokens of an identity provider are configured by Spring Boot's own properties,
 * {@code spring.security.oauth2.resourceserver.jwt}.
 *
 * @param local whether a client on the same machine has all permissions without a token. Default: on, until tokens, API keys
 *     or certificates are configured
 * @param claim the claim of a token that has its permissions. Default: holdfast
 * @param secret what tokens are signed with (HS256), where there is no identity provider: at least 32 bytes. Several can be
 *     listed, so that a new one can be introduced before the old one is removed. Default: none
 * @param keys API keys of services, by name
 * @param certificates client certificates, by the name that their owner gets
 * @param anonymous what everybody may do, without a token. Default: nothing
 * @param warning how long before its token expires a connection is told. Default: 30s
 */
@ConfigurationProperties("holdfast.access")
public record AccessProperties(
        @Nullable Boolean local,
        @DefaultValue("holdfast") String claim,
        @DefaultValue List<String> secret,
        @DefaultValue Map<String, Key> keys,
        @DefaultValue Map<String, Certificate> certificates,
        @DefaultValue Grant anonymous,
        @DefaultValue("30s") Duration warning) {

    private static final String PREFIX = "holdfast.access.";

    private static final int LEAST_KEY = 32;

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,128}");

    public AccessProperties {
        secret = List.copyOf(secret);
        keys = Map.copyOf(new LinkedHashMap<>(keys));
        certificates = Map.copyOf(new LinkedHashMap<>(certificates));
        new Setting(PREFIX + "claim", "holdfast").text(claim, NAME, "the name of a claim");
        new Setting(PREFIX + "warning", "30s").duration(warning, Duration.ZERO, Duration.ofHours(1));
        for (String one : secret) {
            if (TokenSecret.of(one) == null) {
                throw tooShort(PREFIX + "secret", one, TokenSecret.VALID);
            }
        }
        keys.forEach(AccessProperties::check);
        certificates.forEach(AccessProperties::check);
        anonymous.permissions(PREFIX + "anonymous");
    }

    private static void check(String name, Key key) {
        String property = PREFIX + "keys." + name;
        if (key.secret() == null || key.secret().getBytes(StandardCharsets.UTF_8).length < LEAST_KEY) {
            throw tooShort(
                    property + ".secret",
                    key.secret() == null ? "" : key.secret(),
                    "at least " + LEAST_KEY + " bytes, as 'openssl rand -base64 32' makes them");
        }
        key.permissions(property);
    }

    private static void check(String name, Certificate certificate) {
        String property = PREFIX + "certificates." + name;
        Setting subject = new Setting(property + ".subject", "CN=collector,O=Example");
        subject.required(certificate.subject(), ClientCertificates::isName, "a distinguished name (RFC 2253)");
        certificate.permissions(property);
    }

    /** A secret is not shown: the log of a start may be read by many. */
    private static InvalidSettingException tooShort(String property, String secret, String valid) {
        return new InvalidSettingException(
                property,
                null,
                secret.isEmpty()
                        ? "not set; it has to be " + valid
                        : "has " + secret.length() + " characters; it has to be " + valid,
                List.of(new Example(property, "$(openssl rand -base64 32)")));
    }

    /**
     * What somebody may do.
     *
     * @param subscribe patterns of channels to subscribe to and to read, as {@code news.**}
     * @param publish patterns of channels to publish to, as {@code chat.{sub}}
     * @param role observer, operator or tester; more than one can be listed
     */
    public record Grant(
            @DefaultValue List<String> subscribe,
            @DefaultValue List<String> publish,
            @DefaultValue List<String> role) {

        Permissions permissions(String property) {
            return AccessProperties.permissions(property, subscribe, publish, role);
        }
    }

    /**
     * An API key.
     *
     * @param secret what its owner sends as a bearer token: at least 32 bytes
     * @param subscribe patterns of channels to subscribe to and to read, as {@code news.**}
     * @param publish patterns of channels to publish to, as {@code orders.*}
     * @param role observer, operator or tester; more than one can be listed
     */
    public record Key(
            @Nullable String secret,
            @DefaultValue List<String> subscribe,
            @DefaultValue List<String> publish,
            @DefaultValue List<String> role) {

        Permissions permissions(String property) {
            return AccessProperties.permissions(property, subscribe, publish, role);
        }
    }

    /**
     * A client certificate. It is trusted as far as the settings of TLS say.
     *
     * @param subject its distinguished name, as {@code CN=collector,O=Example}
     * @param subscribe patterns of channels to subscribe to and to read, as {@code news.**}
     * @param publish patterns of channels to publish to, as {@code orders.*}
     * @param role observer, operator or tester; more than one can be listed
     */
    public record Certificate(
            @Nullable String subject,
            @DefaultValue List<String> subscribe,
            @DefaultValue List<String> publish,
            @DefaultValue List<String> role) {

        Permissions permissions(String property) {
            return AccessProperties.permissions(property, subscribe, publish, role);
        }
    }

    private static Permissions permissions(
            String property, List<String> subscribe, List<String> publish, List<String> role) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        role.forEach(tag -> checked(property + ".role", tag, "observer", () -> roles.add(Role.of(tag))));
        List<ChannelPattern> reads = patterns(property + ".subscribe", subscribe);
        List<ChannelPattern> writes = patterns(property + ".publish", publish);
        checked(property, "", "news.**", () -> new Permissions(reads, writes, roles));
        return new Permissions(reads, writes, roles);
    }

    static List<ChannelPattern> patterns(String property, List<String> texts) {
        return texts.stream()
                .map(text -> checked(property, text, "news.**", () -> ChannelPattern.of(property, text)))
                .toList();
    }

    /** A permission that a setting has wrong stops the start, as any other setting does. */
    static <T> T checked(String property, String value, String example, Supplier<T> read) {
        try {
            return read.get();
        } catch (BadPermissionException e) {
            throw new InvalidSettingException(
                    property, value.isEmpty() ? null : value, e.rule(), List.of(new Example(property, example)));
        }
    }

    /** Whether somebody can authenticate by what is configured here. */
    boolean authenticates() {
        return !secret.isEmpty() || !keys.isEmpty() || !certificates.isEmpty();
    }
}
