package io.holdfast.support;

import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The room {@code connection} with its default settings, for transports without the rest of the application. */
public final class ConnectionRoom {

    private ConnectionRoom() {}

    /** To be closed. */
    public static AnnotationConfigApplicationContext open() {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.scan("io.holdfast.connection");
        context.register(Settings.class, LifecycleAutoConfiguration.class);
        context.refresh();
        return context;
    }

    @ConfigurationPropertiesScan("io.holdfast.connection")
    static class Settings {}
}
