package io.holdfast.support;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** After each test: no connection registered, no permit taken, and the gauges say the same. */
public final class NothingLeft implements AfterEachCallback {

    /** Longer than any close waits for its peer. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    @Override
    public void afterEach(ExtensionContext context) {
        ConnectionFigures figures =
                SpringExtension.getApplicationContext(context).getBean(ConnectionFigures.class);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(figures.open()).isEqualTo(ConnectionFigures.Open.all(0)));
    }
}
