package io.holdfast.http;

import io.holdfast.connection.LimitProperties;
import io.holdfast.time.Timers;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Closes connections that do not send the complete head of their first request or handshake in time, however slowly
 * they send it.
 */
@Component
class HandshakeDeadline implements Connection.Listener {

    private static final Logger log = LoggerFactory.getLogger(HandshakeDeadline.class);

    private final Timers timers;
    private final LimitProperties limits;

    HandshakeDeadline(Timers timers, LimitProperties limits) {
        this.timers = timers;
        this.limits = limits;
    }

    @Override
    public void onOpened(Connection connection) {
        // Refers to the end point only: by then, an idle upgraded connection has usually replaced this one.
        EndPoint endPoint = connection.getEndPoint();
        long created = connection.getCreatedTimeStamp();
        timers.after(limits.handshake(), () -> {
            Connection now = endPoint.getConnection();
            if (now.getCreatedTimeStamp() == created && now.getMessagesIn() == 0) {
                log.debug("{} did not finish its first request in time", now);
                endPoint.close();
            }
        });
    }
}
