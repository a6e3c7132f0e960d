// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

/**
 * Checks all settings before anything is made from them, so that all that are wrong are told at once, and in a few
 * lines.
 */
// Before Spring Boot's own, one of which would add a hint to a report of its auto-configuration.
@Order(Ordered.HIGHEST_PRECEDENCE)
class SettingsCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private final List<SettingRule> rules = SpringFactoriesLoader.forDefaultResourceLocation(
                    SettingsCheck.class.getClassLoader())
            .load(SettingRule.class);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        check(context.getEnvironment());
    }

    /** @throws InvalidSettingsException if some cannot be used */
    void check(ConfigurableEnvironment environment) {
        Iterable<ConfigurationPropertySource> sources = ConfigurationPropertySources.get(environment);
        // To know them takes a while, and a start without any does not need to.
        KnownSettings known = UnknownSettings.isAnyOurs(sources) ? KnownSettings.read() : KnownSettings.NONE;
        List<InvalidSettingException> invalid = new UnknownSettings(known).in(sources);
        Map<String, InvalidSettingException> values = invalidValues(known, environment, null);
        invalid.addAll(values.values());
        if (!invalid.isEmpty()) {
            throw new InvalidSettingsException(invalid.stream()
                    .map(one -> Explanation.of(
                            one,
                            find(one.property(), environment),
                            recommended(known, one, values.keySet(), environment)))
                    .toList());
        }
    }

    /** By property. At most one of each group: a record stops at its first. A group of which nothing is set has its defaults. */
    private Map<String, InvalidSettingException> invalidValues(
            KnownSettings known, ConfigurableEnvironment environment, @Nullable Example changed) {
        List<ConfigurationPropertySource> sources = sources(environment, changed);
        Binder binder = new Binder(sources, new PropertySourcesPlaceholdersResolver(environment));
        Map<String, InvalidSettingException> invalid = new LinkedHashMap<>();
        known.groups().forEach((type, prefix) -> {
            if (isAnySet(prefix, sources)) {
                add(() -> binder.bind(prefix, Bindable.of(type)), invalid);
            }
        });
        rules.forEach(rule -> add(() -> rule.check(binder), invalid));
        return invalid;
    }

    private static boolean isAnySet(String prefix, List<ConfigurationPropertySource> sources) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
        return sources.stream()
                .anyMatch(source -> source.containsDescendantOf(name) != ConfigurationPropertyState.ABSENT);
    }

    private static void add(Runnable check, Map<String, InvalidSettingException> invalid) {
        try {
            check.run();
        } catch (InvalidSettingException e) {
            invalid.putIfAbsent(e.property(), e);
        } catch (BindException e) {
            InvalidSettingException explained = BindFailures.explain(e);
            invalid.putIfAbsent(explained.property(), explained);
        }
    }

    /** The first example that is accepted, with the other settings as they are; null if there is none. */
    private @Nullable Example recommended(
            KnownSettings known,
            InvalidSettingException invalid,
            Set<String> before,
            ConfigurableEnvironment environment) {
        Example mends = null;
        for (Example example : invalid.examples()) {
            Set<String> after = invalidValues(known, environment, example).keySet();
            if (!after.contains(invalid.property()) && !after.contains(example.property())) {
                if (before.containsAll(after)) {
                    return example;
                }
                // Another setting of the group may have been wrong before, too.
                mends = mends == null ? example : mends;
            }
        }
        return mends;
    }

    private static List<ConfigurationPropertySource> sources(
            ConfigurableEnvironment environment, @Nullable Example changed) {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        if (changed != null) {
            sources.add(new MapConfigurationPropertySource(Map.of(changed.property(), changed.value())));
        }
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        return sources;
    }

    /** The property as it is set; null if it is not. */
    static @Nullable ConfigurationProperty find(String property, ConfigurableEnvironment environment) {
        ConfigurationPropertyName name = ConfigurationPropertyName.ofIfValid(property);
        if (name != null) {
            for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
                ConfigurationProperty found = source.getConfigurationProperty(name);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
