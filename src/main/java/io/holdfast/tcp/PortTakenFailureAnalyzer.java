package io.holdfast.tcp;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains which property has the port that is in use, instead of a stack trace. */
class PortTakenFailureAnalyzer extends AbstractFailureAnalyzer<PortTakenException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PortTakenException cause) {
        return new FailureAnalysis(
                "The TCP listener could not listen on port %d of address %s, as %s says: %s"
                        .formatted(cause.port(), cause.address(), cause.property(), cause.getCause()),
                "Stop what uses the port, or set another one, for example --%s=%d, or 0 for any free one."
                        .formatted(cause.property(), cause.port() > 65525 ? 8888 : cause.port() + 10),
                cause);
    }
}
