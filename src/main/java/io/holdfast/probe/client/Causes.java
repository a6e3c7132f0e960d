// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
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

    /** @param target that could not be reached, or was lost */
    static String of(Throwable cause, Target target) {
        String text = text(cause);
        return switch (cause) {
            case UnknownHostException ignored -> "no such host";
            case NoRouteToHostException ignored -> "no route to the host";
            case ConnectException ignored when text.contains("refused") -> "connection refused";
            case ConnectException ignored when text.contains("timed out") -> "no answer to the connect";
            case NotSslRecordException ignored -> "the server does not speak TLS there; use " + target.server(false);
            case SSLException ignored -> "TLS: " + tls(cause, target);
            case IOException ignored when text.contains("timed out") -> "what was sent is not acknowledged";
            default -> String.valueOf(cause.getMessage());
        };
    }

    /** Certificates are in the causes. The text of the peer's certificate is made printable. */
    private static String tls(Throwable cause, Target target) {
        for (Throwable one = cause; one != null; one = one.getCause()) {
            if (one instanceof CertificateExpiredException || one instanceof CertificateNotYetValidException) {
                return "the certificate is not valid now (" + Printable.text(String.valueOf(one.getMessage()))
                        + "); --insecure accepts it";
            }
            if (one instanceof CertPathBuilderException) {
                return "the certificate is not trusted; name its authority's file with --cacert, or use --insecure";
            }
            String text = String.valueOf(one.getMessage());
            if (text.contains("Unexpected handshake message: client_hello")) {
                return "the server does not speak TLS there: it sends back what it receives; use "
                        + target.server(false);
            }
            if (one instanceof CertificateException && (text.startsWith("No subject") || text.startsWith("No name"))) {
                return "the certificate is for another host (" + Printable.text(text) + "); --insecure accepts it";
            }
        }
        return Printable.text(String.valueOf(cause.getMessage()));
    }

    private static String text(Throwable cause) {
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    }
}
