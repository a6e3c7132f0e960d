// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.LimitProperties;
import io.holdfast.jetty.OwnReset;
import io.holdfast.jetty.StreamHandover;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Gives HTTP/2 the limits of this service, and counts the sessions that end because of what their clients sent. */
@Component
final class Http2Sessions implements HTTP2Session.FrameListener {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final LimitProperties limits;
    private final ObjectProvider<MeterRegistry> meters;

    Http2Sessions(LimitProperties limits, ObjectProvider<MeterRegistry> meters) {
        this.limits = limits;
        this.meters = meters;
    }

    /** Before {@code connector} starts. */
    void configure(AbstractConnector connector) {
        for (ConnectionFactory factory : connector.getConnectionFactories()) {
            if (factory instanceof HTTP2CServerConnectionFactory clearText) {
                ClearTextHttp2 ours = new ClearTextHttp2(clearText.getHttpConfiguration());
                configure(ours);
                connector.addConnectionFactory(ours);
            } else if (factory instanceof AbstractHTTP2ServerConnectionFactory http2) {
                configure(http2);
            }
        }
    }

    private void configure(AbstractHTTP2ServerConnectionFactory http2) {
        http2.setMaxConcurrentStreams(limits.streamsPerSession());
        http2.setRateControlFactory(new RateControl.Factory() {
            @Override
            public RateControl newRateControl(EndPoint endPoint) {
                return new ControlFrames(limits.controlFrames());
            }
        });
        http2.addEventListener(this);
        http2.getHttpConfiguration().addCustomizer(StreamHandover::prepare);
    }

    /**
     * Frames of kinds that a client rarely needs, as PING, SETTINGS and RST_STREAM. Data and windows of a stream that has ended do
     * not count: they may have been on their way when the service ended it.
     */
    private static final class ControlFrames extends WindowRateControl {

        ControlFrames(int perSecond) {
            super(perSecond, SECOND);
        }

        @Override
        public boolean onEvent(Object frame) {
            return switch (frame) {
                case OwnReset own -> true;
                case DataFrame late when late.remaining() > 0 -> true;
                case WindowUpdateFrame late when late.getWindowDelta() > 0 -> true;
                default -> super.onEvent(frame);
            };
        }
    }

    @Override
    public void onOutgoingFrame(Session session, Frame frame) {
        if (frame instanceof GoAwayFrame end && end.getError() != ErrorCode.NO_ERROR.code) {
            ErrorCode code = Objects.requireNonNullElse(ErrorCode.from(end.getError()), ErrorCode.INTERNAL_ERROR);
            Counter.builder("holdfast.http2.sessions.failed")
                    .description("Sessions that ended because of what their clients sent")
                    .tag("error", code.name().toLowerCase(Locale.ROOT).replaceFirst("_error$", ""))
                    .register(meters.getObject())
                    .increment();
        }
    }
}
