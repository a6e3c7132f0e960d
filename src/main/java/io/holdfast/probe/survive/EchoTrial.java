// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.ClientConnection;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A trial on a connection where both sides send: opened and tested by a question that must be answered. */
final class EchoTrial extends SilenceTrial {

    private static final String NO_ANSWER = "it is connected, but what was sent is not answered";

    private final Question question;
    private final @Nullable Duration heartbeat;
    private volatile @Nullable String id;

    // Confined to the event loop.
    private long asked;
    private long answered;

    EchoTrial(Trial trial, Duration patience, Question question) {
        super(trial, patience);
        this.question = question;
        this.heartbeat = trial.heartbeat();
    }

    /** The service's id of the connection; null if it does not send one. */
    @Nullable
    String id() {
        return id;
    }

    @Override
    public void opened(ClientConnection connection) {
        phase(Phase.GREETING);
        asked += question.put(connection, true);
        connection.after(patience(), () -> {
            if (phase() == Phase.GREETING) {
                decide(new SilenceOutcome.Failed(NO_ANSWER, true));
            }
        });
    }

    @Override
    public void message(ClientConnection connection, ByteBuf data) {
        long answers = question.answered(data);
        if (answers > 0) {
            answered(connection, answers);
            return;
        }
        String text = text(data);
        if (ServerEvents.isGoodbye(text)) {
            goodbye(text);
        } else if (ServerEvents.isWelcome(text)) {
            id = ServerEvents.connection(text);
        } else {
            spoken("a message");
        }
    }

    @Override
    public void sign(ClientConnection connection, Sign sign) {
        long answers = question.answered(sign);
        if (answers > 0) {
            answered(connection, answers);
        } else {
            spoken("a ping");
        }
    }

    private void answered(ClientConnection connection, long answers) {
        answered += answers;
        if (answered < asked) {
            return;
        }
        switch (phase()) {
            case GREETING -> {
                hold(connection, connection.lastByteAt());
                beat(connection);
            }
            case TRIED -> decide(new SilenceOutcome.Lived());
            case OPENING, HELD, OVER -> {}
        }
    }

    /** Sends heartbeats until the time is over. */
    private void beat(ClientConnection connection) {
        if (heartbeat == null || trial().sender() == Sender.SERVICE) {
            return;
        }
        connection.after(heartbeat, () -> {
            if (phase() == Phase.HELD) {
                send(connection);
                beat(connection);
            }
        });
    }

    /** Where only the client sends, the service was asked not to answer pings. */
    private void send(ClientConnection connection) {
        if (trial().sender() == Sender.CLIENT) {
            connection.ping();
        } else {
            asked += question.put(connection, false);
        }
    }

    @Override
    void timeIsOver(ClientConnection held) {
        phase(Phase.TRIED);
        asked += question.put(held, false);
        awaitAnswer(held);
    }
}
