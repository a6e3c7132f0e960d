package io.holdfast.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate that its owner has signed itself, in the files that programs and Spring Boot read. */
public final class TestCertificate {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String ALIAS = "key";
    private static final int LINE = 64;
    private static final Path FOLDER = Path.of("target", "certificates");

    private final Path folder;
    private final String name;
    private final KeyStore store;

    private TestCertificate(Path folder, String name, KeyStore store) {
        this.folder = folder;
        this.name = name;
        this.store = store;
    }

    /**
     * Makes it, by the JDK's own program.
     *
     * @param name of its files, and the common name of its subject
     * @param hosts that it is for, as {@code dns:localhost}
     */
    public static TestCertificate make(String name, String... hosts) {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(FOLDER), name)
                    .toAbsolutePath();
            Path file = folder.resolve(name + ".p12");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + name,
                    "-keystore",
                    file.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    new String(PASSWORD)));
            if (hosts.length > 0) {
                command.addAll(List.of("-ext", "san=" + String.join(",", hosts)));
            }
            Process made = new ProcessBuilder(command).inheritIO().start();
            if (made.waitFor() != 0) {
                throw new IllegalStateException("keytool failed");
            }
            TestCertificate certificate =
                    new TestCertificate(folder, name, KeyStore.getInstance(file.toFile(), PASSWORD));
            certificate.write();
            return certificate;
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write() throws IOException, GeneralSecurityException {
        Certificate certificate = Objects.requireNonNull(store.getCertificate(ALIAS));
        Key privateKey = Objects.requireNonNull(store.getKey(ALIAS, PASSWORD));
        Files.writeString(file(), pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(key(), pem("PRIVATE KEY", privateKey.getEncoded()));
        // As HAProxy reads it.
        Files.writeString(both(), Files.readString(file()) + Files.readString(key()));
    }

    private static String pem(String type, byte... content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }

    public Path file() {
        return folder.resolve(name + ".pem");
    }

    public Path key() {
        return folder.resolve(name + ".key");
    }

    /** The certificate and its key in one file. */
    public Path both() {
        return folder.resolve(name + "-both.pem");
    }

    /** The settings of a bundle that has it, as {@code spring.ssl.bundle.pem.web.keystore.certificate=file:...}. */
    public List<String> bundle(String bundle) {
        String start = "spring.ssl.bundle.pem." + bundle + ".keystore.";
        return List.of(start + "certificate=file:" + file(), start + "private-key=file:" + key());
    }

    /**
     * What a client needs that trusts only this one.
     *
     * @param own certificate of the client; null if it has none
     */
    public SSLContext trusted(@Nullable TestCertificate own) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, Objects.requireNonNull(store.getCertificate(ALIAS)));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own == null ? null : own.store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
