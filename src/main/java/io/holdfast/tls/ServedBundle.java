// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tls;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;

/** One bundle, the last form of it that can be used, and who uses it. Safe from any thread. */
final class ServedBundle {

    private static final Logger log = LoggerFactory.getLogger(ServedBundle.class);

    private final String name;

    // Guarded by this.
    private final Map<String, Consumer<SslBundle>> users = new LinkedHashMap<>();
    private SslBundle bundle;
    private ServedCertificate certificate;
    private @Nullable String notReplaced;
    private long replacements;
    private long failures;

    /** @throws RuntimeException as {@link ServedCertificate#of} */
    ServedBundle(String name, SslBundle bundle) {
        this.name = name;
        this.bundle = bundle;
        this.certificate = ServedCertificate.of(bundle);
    }

    /** One user more, or again. It is given the bundle now, and each one that replaces it. */
    synchronized void use(String user, Consumer<SslBundle> apply) {
        apply.accept(bundle);
        users.put(user, apply);
    }

    /** Its files have changed. If they cannot be used, what is served stays as it is. */
    synchronized void replace(SslBundle next, Instant now) {
        ServedCertificate replacing;
        try {
            replacing = ServedCertificate.of(next);
            if (!replacing.validUntil().isAfter(now)) {
                throw new UnusableBundleException("its certificate expired at " + replacing.validUntil());
            }
        } catch (RuntimeException e) {
            failed(ServedCertificate.reason(e));
            return;
        }
        for (Map.Entry<String, Consumer<SslBundle>> user : users.entrySet()) {
            try {
                user.getValue().accept(next);
            } catch (RuntimeException e) {
                // Those before have it already. It can be used, only not by this one.
                failed(user.getKey() + ": " + ServedCertificate.reason(e));
                return;
            }
        }
        bundle = next;
        certificate = replacing;
        notReplaced = null;
        replacements++;
        log.info(
                "The SSL bundle '{}' was replaced for {}: {}, valid until {}",
                name,
                String.join(", ", users.keySet()),
                certificate.subject(),
                certificate.validUntil());
    }

    private void failed(String reason) {
        failures++;
        notReplaced = reason;
        log.warn(
                "The SSL bundle '{}' has changed, but cannot be used: {}. It stays {}, valid until {}, for {}",
                name,
                reason,
                certificate.subject(),
                certificate.validUntil(),
                String.join(", ", users.keySet()));
    }

    String name() {
        return name;
    }

    synchronized ServedCertificate certificate() {
        return certificate;
    }

    synchronized List<String> users() {
        return List.copyOf(users.keySet());
    }

    /** Why its changed files are not used; null if they are. */
    synchronized @Nullable String notReplaced() {
        return notReplaced;
    }

    synchronized long replacements() {
        return replacements;
    }

    synchronized long failures() {
        return failures;
    }
}
