// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tls;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * The days that each served certificate is still valid. {@code EXPIRING} from the threshold of Spring Boot's own indicator on,
 * which this one replaces: that one shows what was loaded last, although it may not be used.
 */
@Component
class CertificatesHealthIndicator extends AbstractHealthIndicator {

    private static final Status EXPIRING = new Status("EXPIRING");

    private final Certificates certificates;
    private final InstantSource clock;
    private final Duration threshold;

    CertificatesHealthIndicator(
            Certificates certificates,
            InstantSource timeOfDay,
            @Value("${management.health.ssl.certificate-validity-warning-threshold:14d}") Duration threshold) {
        this.certificates = certificates;
        this.clock = timeOfDay;
        this.threshold = threshold;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Duration least = null;
        for (ServedBundle bundle : certificates.all()) {
            Duration left =
                    Duration.between(clock.instant(), bundle.certificate().validUntil());
            builder.withDetail(bundle.name(), detail(bundle, left));
            least = least == null || left.compareTo(least) < 0 ? left : least;
        }
        builder.status(
                least == null || least.compareTo(threshold) > 0
                        ? Status.UP
                        : least.isPositive() ? EXPIRING : Status.OUT_OF_SERVICE);
    }

    private static Map<String, Object> detail(ServedBundle bundle, Duration left) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("daysLeft", left.isPositive() ? left.toDays() : 0);
        detail.put("validUntil", bundle.certificate().validUntil().toString());
        detail.put("subject", bundle.certificate().subject());
        detail.put("usedBy", bundle.users());
        String reason = bundle.notReplaced();
        if (reason != null) {
            detail.put("notReplaced", reason);
        }
        return detail;
    }
}
