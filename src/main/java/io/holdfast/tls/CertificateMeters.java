// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tls;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Publishes how long each served certificate is still valid, and how often it was replaced. */
@Component
class CertificateMeters implements MeterBinder {

    private final Certificates certificates;
    private final InstantSource clock;

    CertificateMeters(Certificates certificates, InstantSource timeOfDay) {
        this.certificates = certificates;
        this.clock = timeOfDay;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        certificates.listen(bundle -> bind(registry, bundle));
    }

    private void bind(MeterRegistry registry, ServedBundle bundle) {
        Tags tags = Tags.of("bundle", bundle.name());
        Gauge.builder("holdfast.certificate.expiry", bundle, this::secondsLeft)
                .description("Time until the certificate that is served expires")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("holdfast.certificate.replacements", bundle, ServedBundle::replacements)
                .description("Certificates that were replaced while the service runs, and those that could not be used")
                .tags(tags.and("outcome", "replaced"))
                .register(registry);
        FunctionCounter.builder("holdfast.certificate.replacements", bundle, ServedBundle::failures)
                .description("Certificates that were replaced while the service runs, and those that could not be used")
                .tags(tags.and("outcome", "failed"))
                .register(registry);
    }

    private double secondsLeft(ServedBundle bundle) {
        return Duration.between(clock.instant(), bundle.certificate().validUntil())
                .toSeconds();
    }
}
