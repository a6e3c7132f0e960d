// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.json.JsonParseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Explains settings that stop the start, this service's and Spring Boot's. */
// Before Spring Boot's analyzers, which give no example.
@Order(Ordered.HIGHEST_PRECEDENCE)
class SettingFailureAnalyzer extends InvalidSettingAnalyzer {

    private static final String JSON = "spring.application.json";

    SettingFailureAnalyzer(@Nullable Environment environment) {
        super(environment);
    }

    @Override
    List<Explanation> explanations(Throwable failure) {
        InvalidSettingsException all = findCause(failure, InvalidSettingsException.class);
        if (all != null) {
            return all.explanations();
        }
        MarkedYAMLException yaml = findCause(failure, MarkedYAMLException.class);
        return yaml != null ? List.of(explain(yaml)) : super.explanations(failure);
    }

    private static Explanation explain(MarkedYAMLException yaml) {
        Mark mark = yaml.getProblemMark();
        return new Explanation(
                "A configuration file is not YAML. Line %d, column %d: %s."
                        .formatted(mark.getLine() + 1, mark.getColumn() + 1, yaml.getProblem()),
                "Put each property on a line of its own, for example\n    holdfast:\n      limits:\n        http: 1000");
    }

    @Override
    protected @Nullable InvalidSettingException invalid(Throwable failure) {
        InvalidSettingException invalid = findCause(failure, InvalidSettingException.class);
        if (invalid != null) {
            return invalid;
        }
        InvalidConfigurationPropertyValueException value =
                findCause(failure, InvalidConfigurationPropertyValueException.class);
        if (value != null) {
            return BindFailures.explain(value.getName(), value.getValue());
        }
        if (findCause(failure, JsonParseException.class) != null) {
            return new InvalidSettingException(
                    JSON, null, "not JSON", List.of(new Example(JSON, "{\"holdfast.limits.http\":1000}")));
        }
        BindException bind = findCause(failure, BindException.class);
        // Spring Boot explains broken constraints well.
        return bind == null || findCause(failure, BindValidationException.class) != null
                ? null
                : BindFailures.explain(bind);
    }
}
