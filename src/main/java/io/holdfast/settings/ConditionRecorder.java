// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/** Notes, while the build generates the beans, which settings are looked at, and keeps their values in the jar. */
final class ConditionRecorder
        implements ApplicationListener<ApplicationContextInitializedEvent>, BeanFactoryInitializationAotProcessor {

    @Override
    public void onApplicationEvent(ApplicationContextInitializedEvent event) {
        if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
            event.getApplicationContext().getEnvironment().getPropertySources().addFirst(new Lookups());
        }
    }

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        ConfigurableEnvironment environment = beanFactory.getBean(ConfigurableEnvironment.class);
        if (!(environment.getPropertySources().remove(Lookups.NAME) instanceof Lookups lookups)) {
            // The context of a separate management port, or of a test.
            return null;
        }
        SortedMap<String, String> settings = ConditionSettings.of(environment, lookups.getSource());
        return (generation, code) ->
                generation.getGeneratedFiles().addResourceFile(ConditionSettings.FILE, properties(settings));
    }

    private static String properties(SortedMap<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> escaped(setting.getKey()) + "=" + escaped(setting.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("=", "\\=")
                .replace(":", "\\:");
    }

    /** Has no setting, but is asked first. */
    private static final class Lookups extends PropertySource<Set<String>> {

        private static final String NAME = "lookups";

        Lookups() {
            super(NAME, new ConcurrentSkipListSet<>());
        }

        @Override
        public @Nullable Object getProperty(String name) {
            getSource().add(name);
            return null;
        }
    }
}
