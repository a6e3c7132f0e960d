package io.holdfast.session;

import io.holdfast.channel.Channels;
import io.holdfast.channel.Draft;
import io.holdfast.channel.Json;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.Subscriber;
import io.holdfast.channel.Subscription;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.Transport;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection's talk with the channels: carries out its commands and says their answers, and what its channels bring.
 *
 * <p>Commands come from the connection's own thread, one after the other; everything else is safe from any.
 */
public final class ChannelSession {

    private final Channels channels;
    private final CommandReader reader;
    private final int maxSubscriptions;
    private final InstantSource clock;
    private final Transport transport;
    private final Outlet outlet;

    // Guarded by this; null while there is none, as for a connection that only publishes.
    private @Nullable Map<String, Member> members;
    private boolean ended;

    /** Answers that are yet to come by another thread. */
    private final AtomicInteger owed = new AtomicInteger();

    /** Set before there is found to be no room for the second time, so that no relief is overlooked. */
    private volatile boolean waiting;

    ChannelSession(
            Channels channels,
            CommandReader reader,
            int maxSubscriptions,
            InstantSource clock,
            Transport transport,
            Outlet outlet) {
        this.channels = channels;
        this.reader = reader;
        this.maxSubscriptions = maxSubscriptions;
        this.clock = clock;
        this.transport = transport;
        this.outlet = outlet;
    }

    /**
     * Carries out a command, or says what is wrong with it.
     *
     * @param text the whole of it
     */
    public void receive(String text) {
        switch (reader.read(text)) {
            case Command.Subscribe subscribe -> subscribe(subscribe);
            case Command.Unsubscribe unsubscribe -> unsubscribe(unsubscribe);
            case Command.Publish publish -> publish(publish);
            case Command.Ping ping -> outlet.pinged(Events.pong(ping.id()));
            case Command.Pong ignored -> outlet.ponged();
            case Command.Bad bad -> answer(Events.error(bad.id(), bad.code(), bad.message()));
        }
    }

    private void answer(String event) {
        outlet.say(event);
        outlet.flush();
    }

    /** No longer owed when it leaves, so that who waits for the last answer finds it was that. */
    private void answerOwed(String event) {
        outlet.say(event);
        owed.decrementAndGet();
        outlet.flush();
    }

    private void subscribe(Command.Subscribe command) {
        Member member = new Member(command.id(), command.channel());
        String refusal = enter(member);
        if (refusal == null) {
            member.begin(channels.subscribe(command.channel(), command.from(), command.mode(), member));
        } else {
            answer(refusal);
        }
    }

    private synchronized @Nullable String enter(Member member) {
        if (members == null) {
            members = new HashMap<>();
        }
        if (members.containsKey(member.channel)) {
            return Events.error(
                    member.id,
                    "already-subscribed",
                    "This connection is subscribed to '" + member.channel + "'; unsubscribe first.");
        }
        if (members.size() >= maxSubscriptions) {
            return Events.error(
                    member.id,
                    "limit",
                    "The limit holdfast.limits.subscriptions of " + maxSubscriptions
                            + " channels a connection is reached.");
        }
        members.put(member.channel, member);
        return null;
    }

    private synchronized @Nullable Member leave(String channel) {
        return members == null ? null : members.remove(channel);
    }

    private synchronized void leave(Member member) {
        if (members != null) {
            members.remove(member.channel, member);
        }
    }

    private void unsubscribe(Command.Unsubscribe command) {
        Member member = leave(command.channel());
        if (member == null) {
            answer(Events.error(
                    command.id(),
                    "not-subscribed",
                    "This connection is not subscribed to '" + command.channel() + "'."));
        } else {
            owed.incrementAndGet();
            member.end(() -> {
                member.answerUnlessAnswered();
                answerOwed(Events.unsubscribed(command.id(), command.channel()));
            });
        }
    }

    private void publish(Command.Publish command) {
        Draft draft = new Draft(command.event(), command.key(), command.data(), clock.instant());
        owed.incrementAndGet();
        channels.publish(command.channel(), draft, transport.tag()).whenComplete((published, failure) -> {
            if (published != null) {
                answerOwed(Events.published(command.id(), command.channel(), published.position()));
            } else {
                UnavailableException cause = UnavailableException.of(failure);
                answerOwed(Events.error(command.id(), cause.code(), cause.sentence()));
            }
        });
    }

    /** The outbox has room again, or is empty. */
    public void relieved() {
        if (waiting) {
            waiting = false;
            all().forEach(Member::ready);
        }
    }

    private synchronized List<Member> all() {
        return members == null ? List.of() : List.copyOf(members.values());
    }

    /** Unsubscribes from everything, for good. */
    public void end() {
        List<Member> left;
        synchronized (this) {
            ended = true;
            left = all();
            members = null;
        }
        left.forEach(member -> member.end(() -> {}));
    }

    /** Whether a command has not been answered yet. */
    public boolean isOwedAnswers() {
        return owed.get() > 0;
    }

    /** Whether messages may still come for it. */
    public synchronized boolean isSubscribed() {
        return members != null && !members.isEmpty();
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    /** One channel that the connection is subscribed to. */
    private final class Member implements Subscriber {

        private final @Nullable Json id;
        private final String channel;
        private @Nullable Subscription subscription;
        private @Nullable Runnable refusal;

        /** Confined to the subscription's calls. */
        private boolean answered;

        Member(@Nullable Json id, String channel) {
            this.id = id;
            this.channel = channel;
        }

        synchronized void begin(Subscription begun) {
            subscription = begun;
            if (refusal != null) {
                begun.close(refusal);
            } else if (isEnded()) {
                begun.close(() -> {});
            }
        }

        synchronized void end(Runnable then) {
            if (subscription != null) {
                subscription.close(then);
            }
        }

        /** An unsubscribe that follows at once may be there before history was read. */
        void answerUnlessAnswered() {
            if (!answered) {
                outlet.say(Events.error(id, "unsubscribed", "Unsubscribed before the subscription stood."));
            }
        }

        synchronized void ready() {
            if (subscription != null) {
                subscription.ready();
            }
        }

        @Override
        public String transport() {
            return transport.tag();
        }

        @Override
        public void subscribed(Position at, Position head, boolean resumed) {
            answered = true;
            outlet.say(Events.subscribed(id, channel, head, resumed));
        }

        @Override
        public void message(Message message) {
            outlet.say(message);
        }

        @Override
        public void gap(Position head) {
            outlet.say(Events.gap(channel, head));
        }

        @Override
        public void refused(UnavailableException cause) {
            owed.incrementAndGet();
            answered = true;
            leave(this);
            // Told when it has left, so that who tries again does not meet the same failure.
            Runnable told = () -> answerOwed(Events.error(id, cause.code(), cause.sentence()));
            synchronized (this) {
                if (subscription == null) {
                    refusal = told;
                    return;
                }
            }
            end(told);
        }

        @Override
        public void flush() {
            outlet.flush();
        }

        @Override
        public boolean hasRoom() {
            if (outlet.hasRoom()) {
                return true;
            }
            waiting = true;
            return outlet.hasRoom();
        }

        @Override
        public boolean isCaughtUp() {
            if (outlet.isCaughtUp()) {
                return true;
            }
            waiting = true;
            return outlet.isCaughtUp();
        }
    }
}
