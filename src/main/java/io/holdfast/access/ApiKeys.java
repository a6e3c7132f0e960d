// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The principals of API keys. What is compared takes the same time whatever a peer sent. Safe from any thread. */
final class ApiKeys {

    private final List<Key> keys = new ArrayList<>();

    private static final class Key {

        private final byte[] digest;
        private final Principal owner;

        Key(byte[] digest, Principal owner) {
            this.digest = digest;
            this.owner = owner;
        }
    }

    ApiKeys(Map<String, AccessProperties.Key> settings) {
        settings.forEach((name, key) -> keys.add(new Key(
                digest(Objects.requireNonNull(key.secret())),
                Principal.of(name, Principal.Kind.KEY, key.permissions("holdfast.access.keys." + name)))));
    }

    int size() {
        return keys.size();
    }

    /** The owner of {@code secret}; null if it is no key. */
    @Nullable
    Principal of(String secret) {
        if (keys.isEmpty()) {
            return null;
        }
        byte[] digest = digest(secret);
        Principal found = null;
        for (Key key : keys) {
            // All are compared, so that the time tells nothing.
            found = MessageDigest.isEqual(key.digest, digest) ? key.owner : found;
        }
        return found;
    }

    /** All of one length, as the time of a comparison depends on it. */
    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
