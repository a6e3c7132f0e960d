package io.holdfast.probe.survive;

import io.holdfast.probe.client.ClientConnection;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection on which both sides speak: it is greeted and tried by a question that has to be answered. */
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

    /** What the service calls the connection, where it says so by itself. */
    @Nullable
    String id() {
        return id;
    }

    @Override
    public void opened(ClientConnection conversation) {
        phase(Phase.GREETING);
        asked += question.put(conversation, true);
        conversation.after(patience(), () -> {
            if (phase() == Phase.GREETING) {
                decide(new SilenceOutcome.Failed(NO_ANSWER, true));
            }
        });
    }

    @Override
    public void message(ClientConnection conversation, ByteBuf data) {
        long answers = question.answered(data);
        if (answers > 0) {
            answered(conversation, answers);
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
    public void sign(ClientConnection conversation, Sign sign) {
        long answers = question.answered(sign);
        if (answers > 0) {
            answered(conversation, answers);
        } else {
            spoken("a ping");
        }
    }

    private void answered(ClientConnection conversation, long answers) {
        answered += answers;
        if (answered < asked) {
            return;
        }
        switch (phase()) {
            case GREETING -> {
                hold(conversation, conversation.lastByteAt());
                beat(conversation);
            }
            case TRIED -> decide(new SilenceOutcome.Lived());
            case OPENING, HELD, OVER -> {}
        }
    }

    /** Says something now and then, until the time is over. */
    private void beat(ClientConnection conversation) {
        if (heartbeat == null) {
            return;
        }
        conversation.after(heartbeat, () -> {
            if (phase() == Phase.HELD) {
                asked += question.put(conversation, false);
                beat(conversation);
            }
        });
    }

    @Override
    void timeIsOver(ClientConnection held) {
        phase(Phase.TRIED);
        asked += question.put(held, false);
        awaitAnswer(held);
    }
}
