// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;

/** Gives the application the SSL bundle {@code test}. */
public class TestBundle implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    public static final TestCertificate SERVER = TestCertificate.of("CN=localhost");

    /** Whom the bundle trusts. */
    public static final TestCertificate CLIENT = TestCertificate.of("CN=collector,O=Example");

    private static final SSLContext STRANGER = TestCertificate.client(null, SERVER);

    private static final String LISTENER = "holdfast.tcp.listeners.";

    private static final Path HOME = TestCertificate.HOME.resolve("bundle");

    /** The settings of a bundle with this name, whose files are in a directory. */
    public static Map<String, String> bundle(String name, Path directory) {
        String bundle = "spring.ssl.bundle.pem." + name + ".";
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                bundle + "keystore.certificate", directory.resolve("tls.crt").toString());
        settings.put(
                bundle + "keystore.private-key", directory.resolve("tls.key").toString());
        settings.put(
                bundle + "truststore.certificate", directory.resolve("ca.crt").toString());
        return settings;
    }

    public static void write(TestCertificate server, Path directory) throws IOException {
        server.write(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    }

    /** As the settings above expect it. */
    public static Path write(Path directory) {
        try {
            TestCertificate.replace(directory.resolve("ca.crt"), CLIENT.certificatePem());
            write(SERVER, directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The TLS of a client without a certificate. */
    public static SSLContext client() {
        return STRANGER;
    }

    /** The settings of the bundle {@code test}. */
    static Map<String, String> settings() {
        return bundle("test", write(HOME));
    }

    /** The names of the settings that give a bundle to each TCP listener whose port is set by one of these names. */
    static List<String> onListeners(Stream<String> names) {
        return names.filter(name -> name.startsWith(LISTENER) && name.endsWith(".port"))
                .map(name -> name.replaceFirst("port$", "ssl.bundle"))
                .toList();
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestPropertyValues.of(settings()).applyTo(context);
    }

    /** Also gives every TCP listener whose port is set its TLS. */
    public static final class OnAllListeners extends TestBundle {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            super.initialize(context);
            onListeners(context.getEnvironment().getPropertySources().stream()
                            .filter(EnumerablePropertySource.class::isInstance)
                            .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames())))
                    .forEach(name -> TestPropertyValues.of(name + "=test").applyTo(context));
        }
    }
}
