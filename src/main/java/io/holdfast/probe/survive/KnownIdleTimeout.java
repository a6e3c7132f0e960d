package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What is known to forget silent connections, and when, as its makers document it. */
enum KnownIdleTimeout {
    AZURE_LOAD_BALANCER("Azure's load balancer", Duration.ofMinutes(4)),
    AWS_NAT("AWS' NAT gateway and network load balancer", Duration.ofSeconds(350)),
    GOOGLE_CLOUD("Google Cloud's firewall", Duration.ofMinutes(10)),
    LINUX_NAT_RFC("a NAT after RFC 5382", Duration.ofHours(2).plusMinutes(4)),
    LINUX_NAT("a Linux NAT with its defaults", Duration.ofDays(5));

    private final String name;
    private final Duration after;

    KnownIdleTimeout(String name, Duration after) {
        this.name = name;
        this.after = after;
    }

    /** Who is known to do so at this limit, as the rest of a sentence; empty if nobody is. */
    static String at(SilenceLimit limit) {
        String names = Arrays.stream(values())
                .filter(one -> one.after.compareTo(limit.lived()) >= 0 && one.after.compareTo(limit.died()) <= 0)
                .map(one -> one.name + " does so after " + TextFormat.of(one.after))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : " (" + names + ")";
    }
}
