// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The tokens that are refused now. Safe from any thread. */
final class Revocations implements AccessStore.Listener {

    private final InstantSource clock;
    private final Map<String, Instant> subjects = new ConcurrentHashMap<>();
    private final Map<String, Instant> tokens = new ConcurrentHashMap<>();
    private final List<RevocationListener> listeners = new CopyOnWriteArrayList<>();

    Revocations(InstantSource clock) {
        this.clock = clock;
    }

    List<Revocation> all() {
        List<Revocation> all = new ArrayList<>();
        for (Revocation.Kind kind : Revocation.Kind.values()) {
            of(kind).forEach((value, until) -> {
                if (clock.instant().isBefore(until)) {
                    all.add(new Revocation(kind, value, until));
                }
            });
        }
        return all;
    }

    void listen(RevocationListener listener) {
        listeners.add(listener);
    }

    boolean cover(Principal principal) {
        return principal.isAuthenticated()
                && (isRefused(subjects, principal.name())
                        || (principal.tokenId() != null && isRefused(tokens, principal.tokenId())));
    }

    private boolean isRefused(Map<String, Instant> refused, String value) {
        Instant until = refused.get(value);
        return until != null && clock.instant().isBefore(until);
    }

    @Override
    public void revoked(Revocation revocation) {
        Instant now = clock.instant();
        if (!now.isBefore(revocation.until())) {
            return;
        }
        Map<String, Instant> refused = of(revocation.kind());
        Instant before = refused.get(revocation.value());
        refused.merge(revocation.value(), revocation.until(), (one, other) -> one.isAfter(other) ? one : other);
        // A store that is read again tells all that it has.
        if (before == null || before.isBefore(revocation.until())) {
            refused.values().removeIf(until -> !now.isBefore(until));
            tell(revocation::covers);
        }
    }

    private Map<String, Instant> of(Revocation.Kind kind) {
        return switch (kind) {
            case SUBJECT -> subjects;
            case TOKEN -> tokens;
        };
    }

    @Override
    public void disconnected(String subject) {
        tell(principal -> principal.isAuthenticated() && principal.name().equals(subject));
    }

    private void tell(Predicate<Principal> affected) {
        listeners.forEach(listener -> listener.revoked(affected));
    }
}
