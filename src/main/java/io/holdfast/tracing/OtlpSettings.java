// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tracing;

import io.holdfast.settings.Setting;
import io.holdfast.settings.SettingRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * OpenTelemetry's own settings, wherever Spring Boot finds settings: the variable {@code OTEL_EXPORTER_OTLP_ENDPOINT} is the
 * property {@code otel.exporter.otlp.endpoint}.
 */
class OtlpSettings implements SettingRule {

    private static final String ROOT = "otel";
    private static final String EXPORTER = "otel.exporter.otlp.";
    private static final String ENDPOINT = "endpoint";
    private static final String PROTOCOL = "protocol";

    /** What is said about all that is exported, and about spans alone. */
    private static final List<String> SCOPES = List.of("", "traces.");

    private static final String HTTP_PROTOBUF = "http/protobuf";
    private static final Pattern URL = Pattern.compile("https?://[^\\s/]+(/\\S*)?");

    /** What holds unless it is set otherwise: only spans are sent. */
    static final Map<String, String> DEFAULTS =
            Map.of(EXPORTER + PROTOCOL, HTTP_PROTOBUF, "otel.metrics.exporter", "none", "otel.logs.exporter", "none");

    @Override
    public void check(Binder settings) {
        if (!hasCollector(settings)) {
            return;
        }
        for (String scope : SCOPES) {
            settings.bind(EXPORTER + scope + ENDPOINT, String.class)
                    .ifBound(url -> new Setting(EXPORTER + scope + ENDPOINT, "http://localhost:4318")
                            .text(url, URL, "an http or https URL"));
            settings.bind(EXPORTER + scope + PROTOCOL, String.class)
                    .ifBound(protocol -> new Setting(EXPORTER + scope + PROTOCOL, HTTP_PROTOBUF)
                            .value(protocol, protocol.equals(HTTP_PROTOBUF), "the protocol that is supported"));
        }
    }

    /** Whether spans are to be sent somewhere. */
    static boolean hasCollector(Binder settings) {
        return SCOPES.stream()
                .anyMatch(scope -> !settings.bind(EXPORTER + scope + ENDPOINT, String.class)
                        .orElse("")
                        .isEmpty());
    }

    /** All that are set, by their names. */
    static Map<String, String> all(Binder settings) {
        Map<String, String> all = new HashMap<>();
        settings.bind(ROOT, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of())
                .forEach((name, value) -> all.put(ROOT + "." + name, value));
        return all;
    }
}
