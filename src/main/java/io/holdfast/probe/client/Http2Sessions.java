// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Distributes connections over HTTP/2 sessions: each is filled before there is another one. Safe from any thread. */
final class Http2Sessions {

    private final int most;
    private final BiFunction<Target.Web, Http2Session, Channel> opener;

    // Guarded by this.
    private final List<Open> open = new ArrayList<>();

    private record Open(String server, Http2Session session, Channel socket) {}

    /**
     * @param most connections in a session
     * @param opener connects the socket of a session
     */
    Http2Sessions(int most, BiFunction<Target.Web, Http2Session, Channel> opener) {
        this.most = most;
        this.opener = opener;
    }

    synchronized void carry(Target.Web target, ClientConnection connection) {
        String server = target.url().getScheme() + "://" + target.authority();
        open.removeIf(one -> one.session().isOver());
        for (Open one : open) {
            if (one.server().equals(server) && one.session().reserve(connection)) {
                one.session().enter(connection, one.socket());
                return;
            }
        }
        Http2Session session = new Http2Session(target.tls(), most);
        // Before it is connected: it may fail at once, and tells those that it has.
        session.reserve(connection);
        Channel socket = opener.apply(target, session);
        if (most > 1) {
            open.add(new Open(server, session, socket));
        }
        session.enter(connection, socket);
    }
}
