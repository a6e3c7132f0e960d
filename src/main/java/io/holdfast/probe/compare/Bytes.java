package io.holdfast.probe.compare;

/** What was written to sockets and read from them: heads, framing and TLS included, TCP's and IP's headers not. */
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

    /** Both ways together. */
    public double sum() {
        return out + in;
    }
}
