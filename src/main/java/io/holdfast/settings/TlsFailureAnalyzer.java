// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.io.FileNotFoundException;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;

/** Explains which key store, certificate or bundle cannot be used, for HTTP and for the connection to Redis. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class TlsFailureAnalyzer extends InvalidSettingAnalyzer {

    private static final Pattern TLS = Pattern.compile("org\\.springframework\\.boot\\.(ssl\\..*|.*Ssl.*)");
    private static final String BUNDLES = "spring.ssl.bundle.";

    private static final Pattern BUNDLE = Pattern.compile("spring\\.ssl\\.bundle\\.(?:pem|jks)\\.([^.]+)\\..+");

    TlsFailureAnalyzer(@Nullable Environment environment) {
        super(environment);
    }

    @Override
    protected @Nullable InvalidSettingException invalid(Throwable failure) {
        ConfigurableEnvironment environment = environment();
        if (environment == null) {
            return null;
        }
        NoSuchSslBundleException bundle = findCause(failure, NoSuchSslBundleException.class);
        if (bundle != null) {
            return unknown(bundle.getBundleName(), environment);
        }
        return chain(failure)
                .filter(TlsFailureAnalyzer::isAboutTls)
                .findFirst()
                .map(cause -> unusable(cause, environment))
                .orElse(null);
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    /** Spring Boot's classes for TLS throw what others throw, too: only the place tells it. */
    private static boolean isAboutTls(Throwable failure) {
        return Stream.of(failure.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> !name.equals(Assert.class.getName()))
                .limit(1)
                .anyMatch(name -> TLS.matcher(name).matches());
    }

    private static @Nullable InvalidSettingException unknown(String bundle, ConfigurableEnvironment environment) {
        return properties(environment, name -> name.endsWith("bundle"))
                .filter(name -> bundle.equals(environment.getProperty(name)))
                .findFirst()
                .map(name -> new InvalidSettingException(
                        name,
                        bundle,
                        "is not the name of a bundle below " + BUNDLES + "pem or " + BUNDLES + "jks",
                        Stream.concat(
                                        bundles(environment).map(known -> new Example(name, known)),
                                        Stream.of(new Example(
                                                BUNDLES + "pem." + bundle + ".keystore.certificate",
                                                "certificate.pem")))
                                .toList()))
                .orElse(null);
    }

    /** The names of the bundles that exist. */
    private static Stream<String> bundles(ConfigurableEnvironment environment) {
        return properties(environment, name -> true)
                .map(BUNDLE::matcher)
                .filter(Matcher::matches)
                .map(bundle -> bundle.group(1))
                .distinct();
    }

    private @Nullable InvalidSettingException unusable(Throwable failure, ConfigurableEnvironment environment) {
        String message = String.valueOf(failure.getMessage());
        List<String> names =
                properties(environment, name -> name.contains("ssl.")).toList();
        Predicate<String> isQuoted = name -> message.contains("'" + environment.getProperty(name) + "'");
        Predicate<String> isMeant = name -> message.contains(" " + environment.getProperty(name) + " ")
                || (message.contains("private key") && name.endsWith("private-key"));
        return Stream.of(isQuoted, isMeant, TlsFailureAnalyzer::isStore)
                .flatMap(predicate -> names.stream().filter(predicate))
                .findFirst()
                .map(name -> new InvalidSettingException(
                        name,
                        environment.getProperty(name),
                        reason(failure),
                        List.of(new Example(name, example(name)))))
                .orElse(null);
    }

    private static boolean isStore(String name) {
        return name.endsWith("key-store") || name.endsWith("location") || name.endsWith("certificate");
    }

    private String reason(Throwable failure) {
        if (findCause(failure, FileNotFoundException.class) != null) {
            return "does not exist, or cannot be read";
        }
        String last = chain(failure).reduce(failure, (first, second) -> second).getMessage();
        return "cannot be used: " + (last == null ? "its format is wrong" : last);
    }

    private static String example(String property) {
        if (property.endsWith("alias")) {
            return "holdfast";
        }
        if (property.endsWith("type")) {
            return "PKCS12";
        }
        if (property.contains("private-key")) {
            return "private-key.pem";
        }
        return property.contains("certificate") ? "certificate.pem" : "keystore.p12";
    }

    private static Stream<String> properties(ConfigurableEnvironment environment, Predicate<String> names) {
        return environment.getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .filter(names);
    }
}
