// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

/** Bytes written to sockets and read from them: with headers, framing and TLS, without TCP and IP headers. */
public record Bytes(double out, double in) {

    static final Bytes NONE = new Bytes(0, 0);

    Bytes plus(Bytes other) {
        return new Bytes(out + other.out, in + other.in);
    }

    Bytes minus(Bytes other) {
        return new Bytes(out - other.out, in - other.in);
    }

    Bytes times(double factor) {
        return new Bytes(out * factor, in * factor);
    }

    /** Both directions together. */
    public double sum() {
        return out + in;
    }
}
