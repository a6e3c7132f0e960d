// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A socket to the service: what is written is what the test says, byte for byte; over TLS if it says so. */
public final class TestSocket implements Closeable {

    static final int TIMEOUT_MILLIS = 20_000;
    private static final int CLOSE_MILLIS = 100;
    private static final String LOOPBACK = "127.0.0.1";

    private final Socket socket;

    /** Below TLS; the same if there is none. */
    private final Socket transport;

    private boolean resets;

    private TestSocket(Socket socket) {
        this(socket, socket);
    }

    private TestSocket(Socket socket, Socket transport) {
        this.socket = socket;
        this.transport = transport;
    }

    /** The same connection, with TLS from now on. Done when the handshake is complete. This one is not to be used any more. */
    public TestSocket withTls(SSLContext context, String... versions) throws IOException {
        SSLSocket tls = secure(context);
        if (versions.length > 0) {
            tls.setEnabledProtocols(versions);
        }
        return afterHandshake(tls);
    }

    /** As {@link #withTls}, for a protocol that TLS names, as {@code h2}. */
    public TestSocket withTlsFor(String protocol, SSLContext context) throws IOException {
        SSLSocket tls = secure(context);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        tls.setSSLParameters(parameters);
        return afterHandshake(tls);
    }

    private SSLSocket secure(SSLContext context) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(transport, "localhost", transport.getPort(), true);
    }

    private TestSocket afterHandshake(SSLSocket tls) throws IOException {
        try {
            tls.startHandshake();
        } catch (IOException e) {
            transport.close();
            throw e;
        }
        return new TestSocket(tls, transport);
    }

    /** What the service shows of itself over TLS. */
    public Certificate serverCertificate() throws IOException {
        return ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    /** Sends bytes that TLS does not know of. */
    public TestSocket sendBelowTls(byte... bytes) throws IOException {
        transport.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a FIN without close_notify. */
    public TestSocket sendFinWithoutCloseNotify() throws IOException {
        transport.shutdownOutput();
        return this;
    }

    /** Connects; over TLS if the port is one of {@link TlsPorts}. */
    public static TestSocket connect(int port) throws IOException {
        return connectFrom(LOOPBACK, port);
    }

    /** From another of this machine's loopback addresses, as {@code 127.0.0.2}, which is another peer to the service. */
    public static TestSocket connectFrom(String address, int port) throws IOException {
        TestSocket socket = connectWithoutTls(address, port);
        SSLContext tls = TlsPorts.client(port);
        return tls == null ? socket : socket.withTls(tls);
    }

    /** As {@link #connectFrom}, but that the port may have TLS that is not to begin yet. */
    public static TestSocket connectWithoutTls(String address, int port) throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral(LOOPBACK), port, InetAddress.ofLiteral(address), 0);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return new TestSocket(socket);
    }

    /** Sends {@code bytes} again and again on a thread of its own, until the connection ends. Nothing is read. */
    public void sendWithoutReading(byte[] bytes) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    send(bytes);
                }
            } catch (IOException e) {
                // The service or the test has ended it.
            }
        });
    }

    /** The port from which the service sees it. */
    public int localPort() {
        return Http2Relay.seenPort(socket.getPort(), socket.getLocalPort());
    }

    /** How long a read waits before it fails. */
    public void timeout(int millis) throws IOException {
        if (!socket.isClosed()) {
            // After a reset, TLS closes it.
            socket.setSoTimeout(millis);
        }
    }

    /** Has the system hold little of what is not read. */
    public TestSocket holdLittle() throws IOException {
        socket.setReceiveBufferSize(4096);
        return this;
    }

    /** Has the next close send a reset in the place of a FIN. */
    public TestSocket resetOnClose() throws IOException {
        transport.setSoLinger(true, 0);
        resets = true;
        return this;
    }

    public TestSocket send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public TestSocket send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Ends our side, with the other still open. */
    public TestSocket sendFin() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** The next {@code length} bytes; fewer only at the end of the stream. */
    public byte[] read(int length) throws IOException {
        return socket.getInputStream().readNBytes(length);
    }

    /** The next byte, or -1 at the end of the stream. */
    public int read() throws IOException {
        return socket.getInputStream().read();
    }

    /** What one read returns, like the programs of the article do it. */
    public String readSome() throws IOException {
        byte[] buffer = new byte[1024];
        int length = socket.getInputStream().read(buffer);
        return length < 0 ? "" : new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    /** What arrives, for who reads it some other way; with a buffer around it, nothing else here reads right any more. */
    public InputStream input() throws IOException {
        return socket.getInputStream();
    }

    /** All up to and with {@code end}, as text. */
    public String readUntil(String end) throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        while (!seen.toString(StandardCharsets.UTF_8).endsWith(end)) {
            int next = read();
            if (next < 0) {
                throw new IOException("ended before '" + end + "' after: " + seen.toString(StandardCharsets.UTF_8));
            }
            seen.write(next);
        }
        return seen.toString(StandardCharsets.UTF_8);
    }

    /** All up to the end of the stream. */
    public byte[] readToEnd() throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    /** Whether nothing arrives for {@code millis}: for showing that something does not happen. */
    public boolean isSilentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        if (socket instanceof SSLSocket && !socket.isClosed()) {
            // The JDK would wait that long for the other side's close_notify.
            socket.setSoTimeout(CLOSE_MILLIS);
        }
        if (resets) {
            // TLS would send close_notify.
            transport.close();
        }
        socket.close();
    }
}
