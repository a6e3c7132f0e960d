// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.access.Action;
import io.holdfast.access.Authentication;
import io.holdfast.access.Denial;
import io.holdfast.access.Principal;
import io.holdfast.channel.Channels;
import io.holdfast.channel.Draft;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.RateExceeded;
import io.holdfast.connection.RateLimits;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.DeliveryListener;
import io.holdfast.delivery.Goodbye;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One connection's session with the channels, on any transport: carries out its commands, and writes their answers and
 * what its channels bring. A stream or a poll has no commands; it subscribes when it opens.
 *
 * <p>Commands come from the thread that reads, one at a time; everything else is safe from any thread.
 */
public final class ChannelSession implements DeliveryListener {

    private static final AtomicIntegerFieldUpdater<ChannelSession> PENDING_ANSWERS =
            AtomicIntegerFieldUpdater.newUpdater(ChannelSession.class, "pendingAnswers");

    private static final String LIMIT = "limit";

    private final ChannelSessions shared;
    private final Transport transport;
    private final EventFormat format;

    /** What to subscribe to when it opens; null afterwards, and for a connection with commands. */
    private Command.@Nullable Subscribe first;

    private volatile @Nullable Delivery delivery;

    /** Used by the thread that reads; null before the first command, and without a limit. */
    private RateLimits.@Nullable Commands rate;

    /** What ends with the client's token; null if it does not expire. */
    private volatile @Nullable TokenExpiry expiry;

    /** No other event comes before the welcome. */
    private volatile boolean welcomed;

    /** Commands that wait for a token; null before the first one that takes time to verify. */
    private volatile @Nullable HeldCommands held;

    // Guarded by this; null while there is none, as for a connection that only publishes.
    private @Nullable List<ChannelMember> members;
    private boolean ended;

    /** Answers that another thread will write. */
    private volatile int pendingAnswers;

    /** Set before the second check for room; otherwise a concurrent drain could be missed. */
    private volatile boolean waitingForRoom;

    ChannelSession(ChannelSessions shared, Transport transport, EventFormat format, Command.@Nullable Subscribe first) {
        this.shared = shared;
        this.transport = transport;
        this.format = format;
        this.first = first;
    }

    Delivery delivery() {
        return Objects.requireNonNull(delivery);
    }

    EventFormat format() {
        return format;
    }

    @Override
    public void opened(Delivery opened) {
        begin(opened);
        Command.Subscribe subscribe = first;
        if (subscribe == null) {
            welcome(opened, null);
        } else {
            first = null;
            subscribe(subscribe);
        }
    }

    /**
     * Opens it on a connection that shows its client what the server saw.
     *
     * @param inspection JSON for the welcome; null for none
     */
    public void opened(Delivery opened, @Nullable String inspection) {
        begin(opened);
        welcome(opened, inspection);
    }

    /** The welcome is on its way: with the first subscription, if that came with the request. Safe from any thread. */
    void welcomed() {
        if (welcomed) {
            return;
        }
        welcomed = true;
        TokenExpiry watching = expiry;
        if (watching != null) {
            watching.welcomed();
        }
    }

    boolean isWelcomed() {
        return welcomed;
    }

    private void begin(Delivery opened) {
        delivery = opened;
        watchExpiry();
    }

    private void welcome(Delivery opened, @Nullable String inspection) {
        opened.send(Events.welcome(opened.connection().id(), opened.heartbeatInterval(), inspection), 1);
        welcomed();
        opened.flush();
    }

    /**
     * Carries out a command, or answers what is wrong with it. Every command of every transport passes here.
     *
     * @param text the whole command
     */
    public void receive(String text) {
        HeldCommands waiting = held;
        if (waiting == null || !waiting.add(text)) {
            handle(text);
        }
    }

    private void handle(String text) {
        Command command = shared.reader().read(text);
        if (!mayCome(command)) {
            return;
        }
        switch (command) {
            case Command.Subscribe subscribe -> {
                if (isAllowed(subscribe.id(), Action.SUBSCRIBE, subscribe.channel())) {
                    subscribe(subscribe);
                }
            }
            case Command.Unsubscribe unsubscribe -> unsubscribe(unsubscribe);
            case Command.Publish publish -> {
                if (isAllowed(publish.id(), Action.PUBLISH, publish.channel())) {
                    publish(publish);
                }
            }
            case Command.Authenticate authenticate -> authenticate(authenticate);
            case Command.Ping ping -> {
                if (format.answersPings()) {
                    answer(Events.pong(ping.id()));
                }
            }
            case Command.Pong ignored -> delivery().pong();
            case Command.Bad bad -> answer(Events.error(bad.id(), bad.code(), bad.message()));
        }
    }

    /** Whether a command is within the connection's rate. If not, it was answered. An answer to our own ping always is. */
    private boolean mayCome(Command command) {
        if (command instanceof Command.Pong) {
            return true;
        }
        if (rate == null) {
            rate = shared.rates().commands();
        }
        RateExceeded exceeded = rate == null ? null : rate.take();
        if (exceeded == null) {
            return true;
        }
        answer(Events.error(command.id(), LIMIT, exceeded.sentence()));
        if (rate != null && rate.areIgnored()) {
            delivery().connection().close(CloseReason.LIMIT);
        }
        return false;
    }

    private Principal principal() {
        return delivery().connection().principal();
    }

    /** Whether the client may do something with a channel. If not, it was answered. */
    private boolean isAllowed(@Nullable JsonValue id, Action action, String channel) {
        Denial denial = shared.access().check(principal(), action, channel);
        if (denial == null) {
            return true;
        }
        answer(error(id, denial));
        return false;
    }

    private static String error(@Nullable JsonValue id, Denial denial) {
        return Events.error(id, denial.code(), denial.sentence());
    }

    /** A token is verified at once, if it was before. If not, nothing more is read meanwhile, and commands wait. */
    private void authenticate(Command.Authenticate command) {
        CompletableFuture<Authentication> verified =
                shared.access().authenticate(command.token()).toCompletableFuture();
        if (verified.isDone()) {
            answer(become(command.id(), verified.join()));
            return;
        }
        HeldCommands waiting = Objects.requireNonNullElseGet(held, HeldCommands::new);
        held = waiting;
        int verification = waiting.hold();
        expectAnswer();
        delivery().pauseReading();
        verified.thenAccept(found -> {
            delivery().send(become(command.id(), found), 1);
            handleHeld(waiting, verification);
            answered();
        });
    }

    /** One of them may have another token, for which the others wait. */
    private void handleHeld(HeldCommands waiting, int verification) {
        String next = waiting.next(verification);
        while (next != null) {
            handle(next);
            next = waiting.next(verification);
        }
        if (!waiting.isHolding()) {
            delivery().resumeReading();
        }
    }

    /** Has the client be who its token says, if it may, and returns the answer. */
    private String become(@Nullable JsonValue id, Authentication found) {
        return switch (found) {
            case Authentication.Failed(Denial denial) -> error(id, denial);
            case Authentication.Authenticated(Principal next) -> {
                Denial other = shared.access().checkSame(principal(), next);
                if (other != null) {
                    yield error(id, other);
                }
                delivery().connection().become(next);
                yield Events.authenticated(id, next.name(), next.expires());
            }
        };
    }

    @Override
    public void principalChanged() {
        watchExpiry();
        Principal now = principal();
        for (ChannelMember member : all()) {
            if (!shared.access().allows(now, Action.SUBSCRIBE, member.channel())
                    && remove(member.channel()) == member) {
                expectAnswer();
                member.end(() -> answerPending(() -> format.denied(delivery(), member.channel())));
            }
        }
    }

    private synchronized void watchExpiry() {
        TokenExpiry before = expiry;
        if (before != null) {
            before.cancel();
        }
        expiry = ended ? null : TokenExpiry.of(shared, this);
    }

    /** The token ends soon. */
    void expiring(Instant moment) {
        format.expiring(delivery(), moment);
        delivery().flush();
    }

    private void answer(String event) {
        delivery().send(event, 1);
        delivery().flush();
    }

    /**
     * An answer counts as pending until it is queued. It is counted off before it leaves, so that the drain that
     * follows can see that nothing is pending.
     */
    private void answerPending(Runnable write) {
        write.run();
        answered();
    }

    private void answered() {
        PENDING_ANSWERS.decrementAndGet(this);
        delivery().flush();
        if (delivery().isInputEnded()) {
            // Another thread may have sent it before it was counted off. No drain follows then.
            closeIfDone();
        }
    }

    private void answerPending(String event) {
        answerPending(() -> delivery().send(event, 1));
    }

    private void expectAnswer() {
        PENDING_ANSWERS.incrementAndGet(this);
    }

    private void subscribe(Command.Subscribe command) {
        ChannelMember member = new ChannelMember(this, command.id(), command.channel());
        String refusal = add(member);
        if (refusal == null) {
            member.begin(shared.channels().subscribe(command.channel(), command.from(), command.mode(), member));
        } else {
            answer(refusal);
        }
    }

    private synchronized @Nullable String add(ChannelMember member) {
        if (members == null) {
            members = new ArrayList<>(1);
        }
        if (find(member.channel()) != null) {
            return Events.error(
                    member.id(),
                    "already-subscribed",
                    "This connection is subscribed to '" + member.channel() + "'; unsubscribe first.");
        }
        if (members.size() >= shared.maxSubscriptions()) {
            return Events.error(
                    member.id(),
                    LIMIT,
                    "The limit holdfast.limits.subscriptions of " + shared.maxSubscriptions()
                            + " channels a connection is reached.");
        }
        members.add(member);
        return null;
    }

    private @Nullable ChannelMember find(String channel) {
        if (members != null) {
            for (ChannelMember member : members) {
                if (member.channel().equals(channel)) {
                    return member;
                }
            }
        }
        return null;
    }

    private synchronized @Nullable ChannelMember remove(String channel) {
        ChannelMember member = find(channel);
        if (member != null) {
            remove(member);
        }
        return member;
    }

    private synchronized void remove(ChannelMember member) {
        if (members != null) {
            members.remove(member);
        }
    }

    private void unsubscribe(Command.Unsubscribe command) {
        ChannelMember member = remove(command.channel());
        if (member == null) {
            answer(Events.error(
                    command.id(),
                    "not-subscribed",
                    "This connection is not subscribed to '" + command.channel() + "'."));
        } else {
            expectAnswer();
            member.end(() -> {
                member.answerUnlessAnswered();
                answerPending(Events.unsubscribed(command.id(), command.channel()));
            });
        }
    }

    private void publish(Command.Publish command) {
        RateExceeded exceeded =
                shared.rates().publish(principal(), delivery().connection().remote());
        if (exceeded != null) {
            answer(Events.error(command.id(), LIMIT, exceeded.sentence()));
            return;
        }
        Draft draft = new Draft(
                command.event(), command.key(), command.data(), shared.clock().instant(), command.trace());
        expectAnswer();
        Channels channels = shared.channels();
        channels.publish(command.channel(), draft, transport.tag()).whenComplete((published, failure) -> {
            if (published != null) {
                answerPending(Events.published(command.id(), command.channel(), published.position()));
            } else {
                UnavailableException cause = UnavailableException.of(failure);
                answerPending(Events.error(command.id(), cause.code(), cause.sentence()));
            }
        });
    }

    /** A subscription could not begin. */
    void refused(ChannelMember member, UnavailableException cause) {
        expectAnswer();
        remove(member);
        // Written when the subscription has ended, so that a client that tries again does not meet the same failure.
        member.end(() -> answerPending(() -> format.refused(delivery(), member.id(), cause)));
    }

    boolean hasRoom() {
        if (format.hasRoom(delivery())) {
            return true;
        }
        waitingForRoom = true;
        return format.hasRoom(delivery());
    }

    boolean isCaughtUp() {
        if (format.isCaughtUp(delivery())) {
            return true;
        }
        waitingForRoom = true;
        return format.isCaughtUp(delivery());
    }

    @Override
    public void drained() {
        if (waitingForRoom) {
            waitingForRoom = false;
            all().forEach(ChannelMember::ready);
        }
        if (delivery().isInputEnded()) {
            closeIfDone();
        }
    }

    private synchronized List<ChannelMember> all() {
        return members == null ? List.of() : List.copyOf(members);
    }

    /** The peer may still read: whether it does, a heartbeat shows. */
    @Override
    public void inputEnded(Delivery ended) {
        if (isSubscribed()) {
            delivery().probe();
        } else {
            closeIfDone();
        }
    }

    private void closeIfDone() {
        if (!isSubscribed() && !hasPendingAnswers()) {
            delivery().close(Goodbye.of(CloseReason.CLIENT));
        }
    }

    /** Whether a command has not been answered yet. */
    private boolean hasPendingAnswers() {
        return pendingAnswers > 0;
    }

    /** Whether messages may still come for it. */
    private synchronized boolean isSubscribed() {
        return members != null && !members.isEmpty();
    }

    @Override
    public boolean isIdle() {
        return !isSubscribed();
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Unsubscribes from everything, for good. */
    @Override
    public void closed() {
        List<ChannelMember> left;
        synchronized (this) {
            ended = true;
            if (expiry != null) {
                expiry.cancel();
                expiry = null;
            }
            left = all();
            members = null;
        }
        left.forEach(member -> member.end(() -> {}));
    }
}
