package io.holdfast.tcp;

/** A listener's port is not available. */
final class PortTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String property;
    private final String address;
    private final int port;

    PortTakenException(String property, String address, int port, Throwable cause) {
        super(property + ": port " + port + " on " + address + " can't be listened on", cause);
        this.property = property;
        this.address = address;
        this.port = port;
    }

    String property() {
        return property;
    }

    String address() {
        return address;
    }

    int port() {
        return port;
    }
}
