// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tls;

import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * The bundles of Spring Boot that this service serves. A bundle whose files change is checked, and then given to all who use
 * it, while their connections stay open; Spring Boot watches the files if {@code reload-on-update} is set. Safe from any thread.
 */
@Component
public final class Certificates {

    private static final String BUNDLES = "spring.ssl.bundle.pem.";

    private final SslBundles bundles;
    private final InstantSource clock;

    /** By name. */
    private final Map<String, ServedBundle> served = new ConcurrentSkipListMap<>();

    private final List<Consumer<ServedBundle>> listeners = new CopyOnWriteArrayList<>();

    public Certificates(SslBundles bundles, InstantSource timeOfDay) {
        this.bundles = bundles;
        this.clock = timeOfDay;
    }

    /**
     * Serves a bundle.
     *
     * @param property the setting that names it
     * @param bundle its name
     * @param user who serves it, for the log and the health; the same user can come again after a stop
     * @param apply takes the bundle into use: at once, and each time that it was replaced. May throw an {@link
     *     UnusableBundleException}
     * @throws InvalidSettingException if there is no such bundle, or it cannot be used
     */
    public void use(String property, String bundle, String user, Consumer<SslBundle> apply) {
        try {
            served(property, bundle).use(user, apply);
        } catch (UnusableBundleException e) {
            throw new InvalidSettingException(
                    property,
                    bundle,
                    "cannot be used: " + e.getMessage(),
                    List.of(
                            new Example(BUNDLES + bundle + ".keystore.certificate", "certificate.pem"),
                            new Example(BUNDLES + bundle + ".keystore.private-key", "private-key.pem")));
        }
    }

    private synchronized ServedBundle served(String property, String name) {
        ServedBundle known = served.get(name);
        if (known != null) {
            return known;
        }
        if (!bundles.getBundleNames().contains(name)) {
            throw unknown(property, name);
        }
        ServedBundle first = new ServedBundle(name, bundles.getBundle(name));
        bundles.addBundleUpdateHandler(name, next -> first.replace(next, clock.instant()));
        served.put(name, first);
        listeners.forEach(listener -> listener.accept(first));
        return first;
    }

    private InvalidSettingException unknown(String property, String name) {
        List<String> known = bundles.getBundleNames();
        return new InvalidSettingException(
                property,
                name,
                "is not the name of a bundle below spring.ssl.bundle.pem or spring.ssl.bundle.jks"
                        + (known.isEmpty() ? ", which has none" : ": " + String.join(", ", known)),
                Stream.concat(
                                known.stream().map(other -> new Example(property, other)),
                                Stream.of(new Example(BUNDLES + name + ".keystore.certificate", "certificate.pem")))
                        .toList());
    }

    /** Has {@code listener} hear of each bundle once, those that are served already and those to come. */
    synchronized void listen(Consumer<ServedBundle> listener) {
        listeners.add(listener);
        served.values().forEach(listener);
    }

    List<ServedBundle> all() {
        return List.copyOf(served.values());
    }
}
