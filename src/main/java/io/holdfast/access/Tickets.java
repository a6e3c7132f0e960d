// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Tickets: random names that stand for a principal, for one request. Safe from any thread. */
final class Tickets {

    private static final int BYTES = 24;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final AccessStore store;
    private final SecureRandom random = new SecureRandom();

    Tickets(AccessStore store) {
        this.store = store;
    }

    CompletionStage<String> issue(Principal owner, Duration validity) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return store.put(ticket, write(owner), validity).thenApply(done -> ticket);
    }

    CompletionStage<Optional<Principal>> take(String ticket) {
        return store.take(ticket).thenApply(owner -> owner.map(Tickets::read));
    }

    private static String write(Principal owner) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", owner.name());
        fields.put("kind", owner.kind().name());
        fields.put("permissions", owner.permissions().claim());
        if (owner.expires() != null) {
            fields.put("expires", owner.expires().toString());
        }
        if (owner.tokenId() != null) {
            fields.put("tokenId", owner.tokenId());
        }
        return JSON.writeValueAsString(fields);
    }

    private static Principal read(String written) {
        Map<?, ?> fields = JSON.readValue(written, Map.class);
        String expires = text(fields, "expires");
        return new Principal(
                String.valueOf(text(fields, "name")),
                Principal.Kind.valueOf(String.valueOf(text(fields, "kind"))),
                fields.get("permissions") instanceof Map<?, ?> permissions
                        ? TokenClaims.permissions(permissions)
                        : Permissions.NONE,
                expires == null ? null : Instant.parse(expires),
                text(fields, "tokenId"),
                null);
    }

    private static @Nullable String text(Map<?, ?> fields, String name) {
        return (String) fields.get(name);
    }
}
