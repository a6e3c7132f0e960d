// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A chunked answer that is read line by line while it grows. */
public final class HttpStreamBody {

    private final InputStream in;
    private int left;
    private boolean afterCarriageReturn;
    private boolean over;

    /** Reads the head, which has to be that of a chunked 200. */
    public HttpStreamBody(TestSocket wire) throws IOException {
        in = new BufferedInputStream(wire.input());
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            head.append((char) in.read());
        }
        if (!head.toString().startsWith("HTTP/1.1 200 ")
                || !head.toString().toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
            throw new IOException("no stream: " + head);
        }
    }

    /**
     * The next line, ended as event streams allow it: by CR LF, LF or CR.
     *
     * @throws EOFException if the body ended in good order; any other way of ending is another exception
     */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int next = next();
            boolean second = afterCarriageReturn && next == '\n';
            afterCarriageReturn = next == '\r';
            if (next == '\r' || (next == '\n' && !second)) {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (!second) {
                line.write(next);
            }
        }
    }

    private int next() throws IOException {
        if (left == 0 && !over) {
            left = Integer.parseInt(chunkSize(), 16);
            over = left == 0;
        }
        if (over) {
            throw new EOFException("the body ended");
        }
        left--;
        int next = in.read();
        if (left == 0) {
            in.skipNBytes(2);
        }
        return next;
    }

    private String chunkSize() throws IOException {
        StringBuilder size = new StringBuilder();
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0) {
                throw new IOException("ended between chunks");
            }
            size.append((char) next);
        }
        return size.toString().strip();
    }
}
