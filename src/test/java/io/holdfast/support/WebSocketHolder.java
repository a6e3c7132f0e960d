// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import io.holdfast.connection.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** A separate process with one WebSocket that answers pings. It can be frozen, so that it sends no goodbye. */
public final class WebSocketHolder implements AutoCloseable {

    private final Process process;
    private final int localPort;

    private WebSocketHolder(Process process) throws IOException {
        this.process = process;
        BufferedReader said = process.inputReader();
        String line = said.readLine();
        if (line == null) {
            throw new IOException("It ended without a connection");
        }
        this.localPort = Integer.parseInt(line);
    }

    /** What the process runs. */
    static void main(String[] arguments) throws IOException {
        Peer peer = Peer.open(Transport.WEBSOCKET, Integer.parseInt(arguments[0]));
        System.out.println(peer.localPort());
        peer.awaitEnd();
    }

    public static WebSocketHolder start(int port) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WebSocketHolder.class.getName(),
                        String.valueOf(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new WebSocketHolder(process);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    public int localPort() {
        return localPort;
    }

    /** It neither reads nor answers from now on, while its kernel keeps the connection up. */
    public void freeze() throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -STOP " + process.pid()).start().waitFor();
    }

    public boolean isThere() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
