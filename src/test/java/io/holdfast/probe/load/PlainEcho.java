// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An echo on plain sockets, for messages of one size, that can misbehave. */
final class PlainEcho implements AutoCloseable {

    enum Habit {
        NONE,
        DROPS_EACH_TENTH,
        REPEATS_EACH_TENTH,
        /** Closes after ten messages. */
        ENDS_AFTER_TEN,
        /** Closes what it accepts. */
        ENDS_AT_ONCE
    }

    private final int size;
    private final Habit habit;
    private final ServerSocket socket = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    PlainEcho(int size, Habit habit) throws IOException {
        this.size = size;
        this.habit = habit;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                open.add(client);
                Thread.ofVirtual().start(() -> answer(client));
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    private void answer(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int number = 1; habit != Habit.ENDS_AT_ONCE; number++) {
                byte[] message = in.readNBytes(size);
                if (message.length < size || (habit == Habit.ENDS_AFTER_TEN && number > 10)) {
                    return;
                }
                for (int times = times(number); times > 0; times--) {
                    out.write(message);
                }
            }
        } catch (IOException e) {
            // The client went away.
        } finally {
            open.remove(client);
        }
    }

    private int times(int number) {
        return number % 10 > 0 ? 1 : habit == Habit.DROPS_EACH_TENTH ? 0 : habit == Habit.REPEATS_EACH_TENTH ? 2 : 1;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : open) {
            client.close();
        }
    }
}
