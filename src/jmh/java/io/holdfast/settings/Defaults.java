// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.StandardEnvironment;

/** Settings as they are when nothing is set. */
public final class Defaults {

    private Defaults() {}

    /** The record {@code type} with its defaults. */
    public static <T> T of(Class<T> type) {
        ConfigurationProperties annotation = AnnotationUtils.getAnnotation(type, ConfigurationProperties.class);
        if (annotation == null) {
            throw new IllegalArgumentException(type + " holds no settings");
        }
        return Binder.get(new StandardEnvironment()).bindOrCreate(annotation.prefix(), type);
    }
}
