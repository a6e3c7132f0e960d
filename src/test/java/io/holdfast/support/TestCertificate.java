// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate for localhost that has signed itself, with its key. Made once for each subject. */
public final class TestCertificate {

    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "key";
    static final Path HOME = TestFolder.own("certificates");

    private static final Map<String, TestCertificate> MADE = new ConcurrentHashMap<>();

    private final Path folder;
    private final KeyStore store;

    private TestCertificate(Path folder, KeyStore store) {
        this.folder = folder;
        this.store = store;
    }

    /**
     * The certificate of a subject.
     *
     * @param subject as {@code CN=localhost}
     */
    public static TestCertificate of(String subject, int days) {
        return MADE.computeIfAbsent(subject + " " + days, made -> make(subject, days));
    }

    /** One whose last day was yesterday. */
    public static TestCertificate expired(String subject) {
        return MADE.computeIfAbsent(subject + " expired", made -> make(subject, 1, "-startdate", "-2d"));
    }

    /** Valid for long. */
    public static TestCertificate of(String subject) {
        return of(subject, 90);
    }

    private static TestCertificate make(String subject, int days, String... more) {
        try {
            Files.createDirectories(HOME);
            Path folder = Files.createTempDirectory(HOME, "made");
            Path file = folder.resolve("keys.p12");
            String keytool =
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            List<String> command = new ArrayList<>(List.of(
                    keytool,
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-dname",
                    subject,
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-validity",
                    String.valueOf(days),
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD));
            command.addAll(List.of(more));
            try (Program program = Program.start(command.toArray(String[]::new))) {
                assertThat(program.exitCode()).isZero();
            }
            return new TestCertificate(folder, KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * One in files of its own.
     *
     * @param name the common name of its subject
     */
    public static TestCertificate inFiles(String name) {
        TestCertificate made = of("CN=" + name);
        try {
            made.write(made.file(), made.key());
            // As HAProxy reads it.
            Files.writeString(made.both(), made.certificatePem() + made.keyPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return made;
    }

    /** The certificate, once it is in a file. */
    public Path file() {
        return folder.resolve("certificate.pem");
    }

    /** Its key. */
    public Path key() {
        return folder.resolve("key.pem");
    }

    /** The certificate and its key in one file. */
    public Path both() {
        return folder.resolve("both.pem");
    }

    /** The settings of a bundle that has it, as {@code spring.ssl.bundle.pem.web.keystore.certificate=file:...}. */
    public List<String> bundle(String bundle) {
        String start = "spring.ssl.bundle.pem." + bundle + ".keystore.";
        return List.of(start + "certificate=file:" + file(), start + "private-key=file:" + key());
    }

    public Certificate certificate() {
        try {
            return store.getCertificate(ALIAS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String keyPem() {
        try {
            return pem(
                    "PRIVATE KEY", store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + type + "-----\n";
    }

    /** Puts both in the place of what was there, each at once. */
    public void write(Path certificate, Path key) throws IOException {
        replace(key, keyPem());
        replace(certificate, certificatePem());
    }

    /** In one step, as tools that renew certificates do. */
    public static void replace(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path next =
                Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text, StandardCharsets.US_ASCII);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * The TLS of a client that trusts these servers.
     *
     * @param own what the client shows of itself; null for nothing
     */
    public static SSLContext client(@Nullable TestCertificate own, TestCertificate... servers) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (int i = 0; i < servers.length; i++) {
                trusted.setCertificateEntry("server-" + i, servers[i].certificate());
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own == null ? null : own.store, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
