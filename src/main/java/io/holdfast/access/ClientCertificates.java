// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The principals of client certificates, by their subjects. */
final class ClientCertificates {

    private final Map<X500Principal, Principal> principals = new LinkedHashMap<>();

    ClientCertificates(Map<String, AccessProperties.Certificate> settings) {
        settings.forEach((name, certificate) -> principals.put(
                new X500Principal(Objects.requireNonNull(certificate.subject())),
                Principal.of(
                        name,
                        Principal.Kind.CERTIFICATE,
                        certificate.permissions("holdfast.access.certificates." + name))));
    }

    static boolean isName(String text) {
        try {
            return !new X500Principal(text).getName().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    boolean isEmpty() {
        return principals.isEmpty();
    }

    /** The owner of a certificate with this subject; null if it is not configured. */
    @Nullable
    Principal of(X500Principal subject) {
        return principals.get(subject);
    }
}
