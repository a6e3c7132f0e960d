// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static io.holdfast.support.Waiting.await;

import io.holdfast.channel.Position;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPeer.Received;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A subscriber that goes on at another node, on another transport, when it is cut off, and now and then by itself. */
public final class Roamer implements Callable<Account>, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** So many messages are received on one connection, on average. */
    private static final int STAY = 400;

    private final Nodes nodes;
    private final Ledger ledger;
    private final String last;
    private final Random random;
    private final String name;
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile String lastFailure = "none failed";

    private ChannelPeer peer;
    private final Account account;
    private int gapsOfPeer;
    private int cuts;

    /** @param last the message after which it has had enough */
    public Roamer(Nodes nodes, Ledger ledger, String last, Random random) throws IOException {
        this.nodes = nodes;
        this.ledger = ledger;
        this.last = last;
        this.random = random;
        peer = ChannelPeer.open(way(), nodes.any(random), Place.now(ledger.channel));
        name = "subscriber to " + ledger.channel + " that began by "
                + peer.getClass().getSimpleName();
        account = new Account(ledger, name, position(peer.position()));
    }

    private ChannelPeer.Way way() {
        ChannelPeer.Way[] ways = ChannelPeer.Way.values();
        return ways[random.nextInt(ways.length)];
    }

    private static Position position(String text) {
        return Objects.requireNonNull(Position.parse(text), text);
    }

    @Override
    public Account call() throws IOException {
        String text = "";
        while (!text.equals(last)) {
            try {
                text = receive();
            } catch (SocketTimeoutException e) {
                throw new AssertionError("silence for " + name + " after " + account.at(), e);
            } catch (IOException e) {
                cuts++;
                comeBack();
            }
            if (random.nextInt(STAY) == 0) {
                comeBack();
            }
        }
        return account;
    }

    private String receive() throws IOException {
        Received message = peer.next();
        if (peer.gaps() > gapsOfPeer) {
            gapsOfPeer = peer.gaps();
            account.missed(position(peer.gapAt()));
        }
        String text = message.data().asString();
        account.received(position(message.position()), text);
        return text;
    }

    /** Until a node lets it: some are gone, and others can't reach Redis. */
    private void comeBack() throws IOException {
        peer.close();
        try {
            peer = await().atMost(PATIENCE).pollInterval(PAUSE).until(this::open, Objects::nonNull);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(name + " could not come back in " + attempts + " attempts: " + lastFailure, e);
        }
        attempts.set(0);
        gapsOfPeer = 0;
        if (!peer.resumed()) {
            account.missed(position(peer.position()));
        }
    }

    private @Nullable ChannelPeer open() {
        attempts.incrementAndGet();
        ChannelPeer.Way way = way();
        try {
            return ChannelPeer.open(
                    way,
                    nodes.any(random),
                    Place.from(ledger.channel, account.at().toString()));
        } catch (IOException e) {
            lastFailure = way + ": " + e;
            return null;
        }
    }

    /** How often it was cut off. */
    public int cuts() {
        return cuts;
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
