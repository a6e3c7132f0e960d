package io.holdfast.probe.survive;

import io.holdfast.probe.client.Conversation;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection on which both sides speak: it is greeted and tried by a question that has to be answered. */
final class EchoHold extends Hold {

    private static final String NO_ANSWER = "it is connected, but what was sent is not answered";

    private final Question question;
    private final @Nullable Duration heartbeat;
    private volatile @Nullable String id;

    // Confined to the event loop.
    private long asked;
    private long answered;

    EchoHold(Trial trial, Duration patience, Question question) {
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
    public void opened(Conversation conversation) {
        phase(Phase.GREETING);
        asked += question.put(conversation, true);
        conversation.after(patience(), () -> {
            if (phase() == Phase.GREETING) {
                decide(new Fate.Failed(NO_ANSWER, true));
            }
        });
    }

    @Override
    public void message(Conversation conversation, ByteBuf data) {
        long answers = question.answered(data);
        if (answers > 0) {
            answered(conversation, answers);
            return;
        }
        String text = text(data);
        if (Said.isGoodbye(text)) {
            goodbye(text);
        } else if (Said.isWelcome(text)) {
            id = Said.connection(text);
        } else {
            spoken("a message");
        }
    }

    @Override
    public void sign(Conversation conversation, Sign sign) {
        long answers = question.answered(sign);
        if (answers > 0) {
            answered(conversation, answers);
        } else {
            spoken("a ping");
        }
    }

    private void answered(Conversation conversation, long answers) {
        answered += answers;
        if (answered < asked) {
            return;
        }
        switch (phase()) {
            case GREETING -> {
                hold(conversation, conversation.lastByteAt());
                beat(conversation);
            }
            case TRIED -> decide(new Fate.Lived());
            case OPENING, HELD, OVER -> {}
        }
    }

    /** Says something now and then, until the time is over. */
    private void beat(Conversation conversation) {
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
    void timeIsOver(Conversation held) {
        phase(Phase.TRIED);
        asked += question.put(held, false);
        awaitAnswer(held);
    }
}
