package io.holdfast.http;

import io.holdfast.time.WatchedThreads;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Jetty's selectors, on whose threads requests and frames are handled. */
@Component
final class Selectors implements WatchedThreads {

    private volatile @Nullable Server server;

    void watch(Server started) {
        server = started;
    }

    @Override
    public Map<String, Executor> watched() {
        Map<String, Executor> selectors = new LinkedHashMap<>();
        Server now = server;
        if (now != null) {
            for (Connector connector : now.getConnectors()) {
                if (connector instanceof ServerConnector listening) {
                    for (ManagedSelector selector :
                            listening.getSelectorManager().getBeans(ManagedSelector.class)) {
                        selectors.put("http-" + (selectors.size() + 1), task -> selector.submit(update -> task.run()));
                    }
                }
            }
        }
        return selectors;
    }
}
