// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Printable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who ended a connection. The service's own record decides, if it can be read. How the connection ended is weaker evidence: a
 * proxy can end a response in good order, too.
 *
 * @param name the name that it sends; null if it sends none
 * @param reason the service's close reason, as {@code idle}; null if unknown, or if it was not the service
 * @param certain whether the service's record, or what only the service can send, says so
 */
record Attribution(Who who, @Nullable String name, @Nullable String reason, boolean certain) {

    enum Who {
        /** The service. */
        SERVICE,
        /** An intermediary, which closed the connection. */
        BETWEEN,
        /** An intermediary, which forgot the connection without telling either side. */
        SILENT_DROP,
        /** Unknown. */
        UNKNOWN,
        /** Unknown: the service's record would tell, but without the role observer it could not be read. */
        UNKNOWN_WITHOUT_PERMISSION
    }

    /** The close reason in the service's record of a connection that was closed by what the service takes for its client. */
    private static final String BY_CLIENT = "client";

    /** The close reason of a stream whose last event was sent. A client that saw an end had seen it before. */
    private static final String COMPLETED = "completed";

    /** Stands for a close reason of the service: no request came in time. */
    static final String KEEP_ALIVE = "keep-alive";

    /** The close reason of a connection whose heartbeats were not answered. */
    private static final String NO_PONG = "no-pong";

    /**
     * Concludes from the service's record, else from the ending.
     *
     * @param isRecordDenied whether the service refused to tell
     */
    static Attribution of(
            ProbedTransport transport, TrialResult witness, IntermediaryDetector detector, boolean isRecordDenied) {
        boolean seen = witness.outcome() instanceof SilenceOutcome.Cut;
        String reason = witness.reason();
        if (reason != null && !reason.equals(BY_CLIENT) && !(seen && reason.equals(COMPLETED))) {
            boolean lost = !seen && (reason.equals(NO_PONG) || reason.equals(COMPLETED));
            return lost ? silentDrop() : new Attribution(Who.SERVICE, null, reason, true);
        }
        if (reason != null || (seen && Boolean.FALSE.equals(witness.noticed()))) {
            // We did not close it, and the service did not, either.
            return between(transport, witness, detector, true);
        }
        if (witness.outcome() instanceof SilenceOutcome.Cut(var after, Ending ending, String goodbye)) {
            return goodbye == null
                    ? byEnding(ending, transport, witness, detector, isRecordDenied)
                    : new Attribution(Who.SERVICE, null, Printable.text(goodbye), true);
        }
        // Who drops a connection silently does not tell the service either.
        return Boolean.TRUE.equals(witness.noticed())
                ? closed(transport, witness, detector, isRecordDenied)
                : silentDrop();
    }

    /**
     * Concludes who closed a connection that waited for a request. It has no record of its own. The service's timeout for it is
     * known, and an HTTP proxy that shows itself is the one that the client is connected to.
     *
     * @param own the service's timeout; null if unknown
     */
    static Attribution ofKeepAlive(
            SilenceLimit limit, IntermediaryDetector detector, @Nullable Duration own, boolean isDenied) {
        if (!(limit.witness().outcome() instanceof SilenceOutcome.Cut)) {
            return silentDrop();
        }
        Attribution between = between(ProbedTransport.KEEPALIVE, limit.witness(), detector, false);
        if (between.name != null) {
            return between;
        }
        if (own == null) {
            return unknown(isDenied);
        }
        return limit.is(own) ? new Attribution(Who.SERVICE, null, KEEP_ALIVE, false) : between;
    }

    private static Attribution silentDrop() {
        return new Attribution(Who.SILENT_DROP, null, null, false);
    }

    private static Attribution between(
            ProbedTransport transport, TrialResult witness, IntermediaryDetector detector, boolean certain) {
        return new Attribution(Who.BETWEEN, transport.isWeb() ? detector.name(witness.head()) : null, null, certain);
    }

    private static Attribution byEnding(
            Ending ending,
            ProbedTransport transport,
            TrialResult witness,
            IntermediaryDetector detector,
            boolean isRecordDenied) {
        return switch (ending) {
            case Ending.CloseFrame(int code, String reason) ->
                new Attribution(Who.SERVICE, null, reason.isEmpty() ? "code " + code : Printable.text(reason), false);
            case Ending.Complete ignored -> unknown(isRecordDenied);
            case Ending.Fin ignored -> closed(transport, witness, detector, isRecordDenied);
            case Ending.Reset ignored -> closed(transport, witness, detector, isRecordDenied);
            case Ending.StreamReset ignored -> closed(transport, witness, detector, isRecordDenied);
            case Ending.Lost ignored -> unknown(false);
            case Ending.Malformed ignored -> unknown(false);
            case Ending.Denied ignored -> unknown(false);
            case Ending.Refused ignored -> unknown(false);
            case Ending.Unreachable ignored -> unknown(false);
            case Ending.Ours ignored -> unknown(false);
        };
    }

    private static Attribution unknown(boolean isRecordDenied) {
        return new Attribution(isRecordDenied ? Who.UNKNOWN_WITHOUT_PERMISSION : Who.UNKNOWN, null, null, false);
    }

    /**
     * Closed without the end that the protocol has, and without a record. An intermediary that showed itself is more likely than
     * the service. On lines a service that closes says goodbye.
     */
    private static Attribution closed(
            ProbedTransport transport, TrialResult witness, IntermediaryDetector detector, boolean isRecordDenied) {
        Attribution shown = between(transport, witness, detector, false);
        return shown.name != null || (transport == ProbedTransport.LINES && !isRecordDenied)
                ? shown
                : unknown(isRecordDenied);
    }

    /** The setting that is the likely one; null if the product is not one that we know, or has none. */
    @Nullable
    String setting(ProbedTransport transport) {
        ProxyProduct product = product();
        return product == null ? null : product.setting(transport);
    }

    /** The product, if it is one that we know. */
    @Nullable
    ProxyProduct product() {
        return name == null ? null : ProxyProduct.of(name);
    }
}
