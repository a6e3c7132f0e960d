// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Reads what a token allows: from one claim, as {@code {"subscribe":["news.**"],"publish":["orders"],"role":"operator"}}, or,
 * if there is none, from scopes, for identity providers that cannot make claims of their own.
 */
final class TokenClaims {

    private static final String EVERYTHING = "**";

    private static final String SUBSCRIBE = "channels:subscribe";
    private static final String PUBLISH = "channels:publish";

    private final String name;

    /** @param name of the claim, as {@code holdfast} */
    TokenClaims(String name) {
        this.name = name;
    }

    /**
     * @throws BadPermissionException if the claim cannot be used. Other members of it are ignored: they may be a later
     *     version's
     */
    Permissions permissions(Jwt token) {
        Object claim = token.getClaims().get(name);
        if (claim == null) {
            return ofScopes(scopes(token));
        }
        if (claim instanceof Map<?, ?> members) {
            return permissions(members);
        }
        throw new BadPermissionException(name, claim, "an object, as {\"subscribe\":[\"news.**\"]}");
    }

    /** What the members of a claim allow. */
    static Permissions permissions(Map<?, ?> members) {
        return new Permissions(
                patterns("subscribe", members),
                patterns("publish", members),
                new HashSet<>(strings("role", members.get("role")).map(Role::of).toList()));
    }

    private static List<ChannelPattern> patterns(String field, Map<?, ?> members) {
        return strings(field, members.get(field))
                .map(text -> ChannelPattern.of(field, text))
                .toList();
    }

    /** One string, or a list of them. */
    private static Stream<String> strings(String field, @Nullable Object value) {
        return switch (value) {
            case null -> Stream.empty();
            case String one -> Stream.of(one);
            case List<?> list
            when list.size() <= Permissions.MOST_PATTERNS -> list.stream().map(each -> string(field, each));
            case List<?> list ->
                throw new BadPermissionException(
                        field, list.size() + " values", "at most " + Permissions.MOST_PATTERNS + " values");
            default -> throw notAString(field, value);
        };
    }

    private static String string(String field, Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw notAString(field, value);
    }

    private static BadPermissionException notAString(String field, Object value) {
        return new BadPermissionException(
                field, value, "a string, or a list of strings, as \"" + field + "\":[\"news.**\"]");
    }

    /** The claim {@code scope} is one string with spaces (RFC 8693); others write a list, or call it {@code scp}. */
    private static List<String> scopes(Jwt token) {
        List<String> scopes = new ArrayList<>();
        for (String claim : List.of("scope", "scp")) {
            Object value = token.getClaims().get(claim);
            if (value instanceof String text) {
                scopes.addAll(Arrays.asList(text.split(" ")));
            } else if (value instanceof List<?> list) {
                list.forEach(each -> scopes.add(String.valueOf(each)));
            }
        }
        return scopes;
    }

    private static Permissions ofScopes(List<String> scopes) {
        Set<Role> roles = new HashSet<>();
        for (Role role : Role.values()) {
            if (scopes.contains(role.tag())) {
                roles.add(role);
            }
        }
        return new Permissions(
                all("subscribe", scopes.contains(SUBSCRIBE)), all("publish", scopes.contains(PUBLISH)), roles);
    }

    private static List<ChannelPattern> all(String field, boolean allowed) {
        return allowed ? List.of(ChannelPattern.of(field, EVERYTHING)) : List.of();
    }
}
