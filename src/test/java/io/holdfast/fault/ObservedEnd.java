// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * What a socket read until it read no more.
 *
 * @param rest all bytes, one char each
 */
record ObservedEnd(String rest, How how) {

    enum How {
        FIN,
        RESET,
        /** It is still open, and silent. */
        SILENCE
    }

    /** The socket counts as silent if nothing came for {@code silence}. */
    static ObservedEnd of(TestSocket wire, int silence) throws IOException {
        StringBuilder rest = new StringBuilder();
        wire.timeout(silence);
        try {
            int next;
            while ((next = wire.read()) >= 0) {
                rest.append((char) next);
            }
            return new ObservedEnd(rest.toString(), How.FIN);
        } catch (SocketTimeoutException e) {
            return new ObservedEnd(rest.toString(), How.SILENCE);
        } catch (SocketException e) {
            if (!"Connection reset".equals(e.getMessage())) {
                throw e;
            }
            return new ObservedEnd(rest.toString(), How.RESET);
        } finally {
            wire.timeout(20_000);
        }
    }

    /** The same after half a second, half of the service's idle time here. */
    static ObservedEnd of(TestSocket wire) throws IOException {
        return of(wire, 500);
    }

    byte[] bytes() {
        return rest.getBytes(StandardCharsets.ISO_8859_1);
    }
}
