package io.holdfast.probe.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Describes why a connection failed. */
final class Causes {

    private Causes() {}

    static boolean isReset(Throwable cause) {
        String text = text(cause);
        return cause instanceof IOException
                && (text.contains("reset") || text.contains("broken pipe") || text.contains("forcibly closed"));
    }

    static String of(Throwable cause) {
        String text = text(cause);
        return switch (cause) {
            case UnknownHostException ignored -> "no such host";
            case NoRouteToHostException ignored -> "no route to the host";
            case ConnectException ignored when text.contains("refused") -> "connection refused";
            case ConnectException ignored when text.contains("timed out") -> "no answer to the connect";
            case SSLException ignored -> "TLS: " + cause.getMessage();
            case IOException ignored when text.contains("timed out") -> "what was sent is not acknowledged";
            default -> String.valueOf(cause.getMessage());
        };
    }

    private static String text(Throwable cause) {
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    }
}
