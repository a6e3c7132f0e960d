// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tls;

import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/**
 * What clients see of a bundle.
 *
 * @param subject of the certificate that ends first, if the bundle has several
 * @param validUntil the first moment at which one of its chain is no longer valid
 */
record ServedCertificate(String subject, Instant validUntil) {

    private static final byte[] PROBE = {1, 2, 3, 4};

    /** The algorithms of keys whose certificates are compared with them. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    /**
     * Loads all that the bundle has, and checks that a server can use it.
     *
     * @throws UnusableBundleException with what the bundle lacks
     * @throws RuntimeException of Spring Boot, if its files cannot be read
     */
    static ServedCertificate of(SslBundle bundle) {
        KeyStore store = bundle.getStores().getKeyStore();
        if (store == null) {
            throw new UnusableBundleException("it has no certificate: set its keystore");
        }
        try {
            ServedCertificate served = aliases(bundle, store).stream()
                    .map(alias -> entry(bundle, store, alias))
                    .min(Comparator.comparing(ServedCertificate::validUntil))
                    .orElseThrow(() -> new UnusableBundleException("it has no private key"));
            bundle.createSslContext();
            return served;
        } catch (GeneralSecurityException e) {
            throw new UnusableBundleException("its key store cannot be read: " + reason(e));
        }
    }

    private static List<String> aliases(SslBundle bundle, KeyStore store) throws GeneralSecurityException {
        String chosen = bundle.getKey().getAlias();
        List<String> aliases = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias) && (chosen == null || alias.equalsIgnoreCase(chosen))) {
                aliases.add(alias);
            }
        }
        if (chosen != null && aliases.isEmpty()) {
            throw new UnusableBundleException("it has no private key with the alias '" + chosen + "'");
        }
        return aliases;
    }

    private static ServedCertificate entry(SslBundle bundle, KeyStore store, String alias) {
        try {
            Certificate[] chain = store.getCertificateChain(alias);
            Key key = store.getKey(alias, password(bundle));
            if (chain == null || chain.length == 0 || !(chain[0] instanceof X509Certificate leaf)) {
                throw new UnusableBundleException("its key has no certificate");
            }
            if (key instanceof PrivateKey secret && !match(secret, leaf)) {
                throw new UnusableBundleException("its private key does not belong to its certificate");
            }
            Instant end = leaf.getNotAfter().toInstant();
            for (Certificate certificate : chain) {
                if (certificate instanceof X509Certificate issuer
                        && issuer.getNotAfter().toInstant().isBefore(end)) {
                    end = issuer.getNotAfter().toInstant();
                }
            }
            return new ServedCertificate(leaf.getSubjectX500Principal().getName(), end);
        } catch (GeneralSecurityException e) {
            throw new UnusableBundleException("its private key cannot be read: " + reason(e));
        }
    }

    private static char @Nullable [] password(SslBundle bundle) {
        String password = bundle.getKey().getPassword() != null
                ? bundle.getKey().getPassword()
                : bundle.getStores().getKeyStorePassword();
        return password == null ? null : password.toCharArray();
    }

    private static boolean match(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        String algorithm = SIGNATURES.get(key.getAlgorithm());
        if (algorithm == null) {
            return true;
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(PROBE);
        return signature.verify(signed);
    }

    /** What the innermost cause says. */
    static String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String type = last.getClass().getSimpleName().replace("Exception", "");
        String message = last.getMessage();
        if (message == null) {
            return type;
        }
        String line = message.lines().findFirst().orElse("");
        // Its message is only the file.
        return last instanceof FileSystemException ? type + ": " + line : line;
    }
}
