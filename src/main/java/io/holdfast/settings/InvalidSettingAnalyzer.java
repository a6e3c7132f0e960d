// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Explains a failed start by the setting that is the reason, each in one line and without a stack trace. */
public abstract class InvalidSettingAnalyzer extends AbstractFailureAnalyzer<Throwable> {

    private final @Nullable ConfigurableEnvironment environment;

    /** @param environment null if the start failed before it was complete */
    protected InvalidSettingAnalyzer(@Nullable Environment environment) {
        this.environment = environment instanceof ConfigurableEnvironment settings ? settings : null;
    }

    @Override
    protected final @Nullable FailureAnalysis analyze(Throwable rootFailure, Throwable cause) {
        List<Explanation> explanations = explanations(rootFailure);
        return explanations.isEmpty()
                ? null
                : new FailureAnalysis(
                        lines(explanations, Explanation::description),
                        lines(explanations, Explanation::action),
                        rootFailure);
    }

    List<Explanation> explanations(Throwable failure) {
        InvalidSettingException invalid = invalid(failure);
        return invalid == null
                ? List.of()
                : List.of(Explanation.of(
                        invalid,
                        environment == null ? null : SettingsCheck.find(invalid.property(), environment),
                        invalid.examples().stream().findFirst().orElse(null)));
    }

    /** The setting that is the reason of a failure; null if there is none, or it is not known. */
    protected abstract @Nullable InvalidSettingException invalid(Throwable failure);

    private static String lines(List<Explanation> explanations, Function<Explanation, String> line) {
        return explanations.stream().map(line).distinct().collect(Collectors.joining("\n"));
    }

    protected final @Nullable ConfigurableEnvironment environment() {
        return environment;
    }
}
