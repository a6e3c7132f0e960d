// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * After each test: no connection registered, no permit taken, and the gauges say the same; no request that the web server holds for
 * unanswered, as its graceful stop would wait for that.
 */
public final class NothingLeft implements AfterEachCallback {

    /** Longer than any close waits for its peer. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    @Override
    public void afterEach(ExtensionContext context) {
        ApplicationContext application = SpringExtension.getApplicationContext(context);
        ConnectionFigures figures = application.getBean(ConnectionFigures.class);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(figures.open()).isEqualTo(ConnectionFigures.Open.all(0)));
        if (application instanceof WebServerApplicationContext web
                && web.getWebServer() instanceof JettyWebServer jetty) {
            StatisticsHandler requests = jetty.getServer().getDescendant(StatisticsHandler.class);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(requests.getRequestsActive())
                            .as("requests unanswered")
                            .isZero());
        }
    }
}
