package io.holdfast.websocket;

import io.holdfast.channel.Message;
import io.holdfast.session.Events;
import io.holdfast.session.Outlet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Says the channel protocol's events over a WebSocket, one a text message. */
final class SessionOutlet implements Outlet {

    private final Session session;

    SessionOutlet(Session session) {
        this.session = session;
    }

    @Override
    public void say(String json) {
        ByteBuffer payload = ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8));
        count(payload.remaining());
        session.webSocket().outbox().append(Frame.header(0x80 | Opcode.TEXT, payload.remaining()), payload);
    }

    @Override
    public void say(Message message) {
        count(message.as(Events.MESSAGE).remaining());
        session.webSocket()
                .outbox()
                .offer(message.as(session.isCompressing() ? MessageFrames.COMPRESSED : MessageFrames.PLAIN));
    }

    private void count(int bytes) {
        session.connection().sent(bytes);
        session.connection().messageSent();
    }

    @Override
    public void flush() {
        session.webSocket().flushSent();
    }

    @Override
    public boolean hasRoom() {
        return session.webSocket().outbox().hasRoom();
    }

    @Override
    public boolean isCaughtUp() {
        return session.webSocket().outbox().isCaughtUp();
    }

    /** Its own pings are the protocol's; those of the channel protocol nobody sent. */
    @Override
    public void ponged() {}
}
