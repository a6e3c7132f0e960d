// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is known about intermediaries: {@code frontend/client/survive/intermediaries.json}, which the page reads, too.
 *
 * @param ownDefaults the service's own defaults
 * @param suspects names of products to mention if an intermediary does not send its name
 */
record KnownIntermediaries(
        OwnDefaults ownDefaults, List<ProxyProduct> products, List<String> suspects, List<IdleTimeout> idleTimeouts) {

    private static final String RESOURCE = "/static/client/survive/intermediaries.json";

    /** Defaults of {@code holdfast.heartbeat.interval} and {@code holdfast.heartbeat.pong-timeout}. */
    record OwnDefaults(long heartbeatSeconds, long pongTimeoutSeconds) {

        Duration heartbeat() {
            return Duration.ofSeconds(heartbeatSeconds);
        }

        /** The longest silence with these defaults: an intermediary must allow it. */
        Duration silence() {
            return Duration.ofSeconds(heartbeatSeconds + pongTimeoutSeconds);
        }
    }

    /**
     * A documented idle timeout.
     *
     * @param drops whether it forgets connections without telling either side
     */
    record IdleTimeout(long seconds, String whose, boolean drops) {

        boolean isAt(SilenceLimit limit) {
            Duration after = Duration.ofSeconds(seconds);
            return after.compareTo(limit.lived()) >= 0 && after.compareTo(limit.died()) <= 0;
        }

        @Override
        public String toString() {
            return TextFormat.of(Duration.ofSeconds(seconds)) + " is the timeout of " + whose;
        }
    }

    static KnownIntermediaries get() {
        return Holder.KNOWN;
    }

    /** Which of them silently drop connections at this limit, as the rest of a sentence; empty if none does. */
    String droppingAt(SilenceLimit limit) {
        String found = idleTimeouts.stream()
                .filter(timeout -> timeout.drops && timeout.isAt(limit))
                .map(IdleTimeout::toString)
                .collect(Collectors.joining(", "));
        return found.isEmpty() ? "" : " (" + found + ")";
    }

    private static final class Holder {

        static final KnownIntermediaries KNOWN = read();

        private static KnownIntermediaries read() {
            try (InputStream resource =
                    Objects.requireNonNull(KnownIntermediaries.class.getResourceAsStream(RESOURCE), RESOURCE)) {
                return new JsonMapper().readValue(resource, KnownIntermediaries.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
