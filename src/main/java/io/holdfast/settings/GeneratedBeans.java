// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.AotDetector;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * Has the jar start with the beans that the build has generated, which is quicker, if each setting that decides which beans
 * there are is as it was at the build. Otherwise Spring looks for them, with the same result. {@code -Dspring.aot.enabled}
 * decides instead, if it is given.
 */
final class GeneratedBeans implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    private static final Log log = LogFactory.getLog(GeneratedBeans.class);

    /** All files of settings have been read. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (SpringProperties.getProperty(AotDetector.AOT_ENABLED) == null && isPackaged()) {
            String changed = changed(event.getEnvironment());
            if (changed == null) {
                SpringProperties.setFlag(AotDetector.AOT_ENABLED);
            } else {
                log.debug("The beans that the build has generated are not used, because of " + changed);
            }
        }
    }

    /** In a folder of classes may be what an earlier build has generated. */
    private static boolean isPackaged() {
        URL file = GeneratedBeans.class.getClassLoader().getResource(ConditionSettings.FILE);
        return file != null && file.getProtocol().equals("jar");
    }

    private static @Nullable String changed(ConfigurableEnvironment environment) {
        try {
            Properties atBuild = PropertiesLoaderUtils.loadProperties(new ClassPathResource(ConditionSettings.FILE));
            return ConditionSettings.changed(
                    environment,
                    atBuild.stringPropertyNames().stream()
                            .collect(Collectors.toMap(name -> name, atBuild::getProperty)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
