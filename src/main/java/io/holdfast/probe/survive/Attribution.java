package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Who ended a connection.
 *
 * @param name the name that it sends; null if it sends none
 * @param reason the service's close reason, as {@code idle}; null if unknown, or if it was not the service
 */
record Attribution(Who who, @Nullable String name, @Nullable String reason) {

    enum Who {
        /** The service: it said so, or its metrics do. */
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

    /**
     * Concludes from the ending.
     *
     * @param closedAsIdle connections that the service closed as idle meanwhile; null if unknown
     * @param isRecordDenied whether the service refused to tell
     */
    static Attribution of(
            ProbedTransport transport,
            TrialResult witness,
            IntermediaryDetector detector,
            @Nullable Long closedAsIdle,
            boolean isRecordDenied) {
        if (!(witness.outcome() instanceof SilenceOutcome.Cut(var after, Ending ending, String goodbye))) {
            // Who drops a connection silently does not tell the service either.
            return Boolean.TRUE.equals(witness.noticed())
                    ? closed(transport, witness, detector, closedAsIdle, isRecordDenied)
                    : new Attribution(Who.SILENT_DROP, null, null);
        }
        if (goodbye != null) {
            return new Attribution(Who.SERVICE, null, Printable.text(goodbye));
        }
        return switch (ending) {
            case Ending.CloseFrame(int code, String reason) ->
                new Attribution(Who.SERVICE, null, reason.isEmpty() ? "code " + code : Printable.text(reason));
            case Ending.Complete ignored -> new Attribution(Who.SERVICE, null, "end of the response");
            case Ending.Fin ignored -> closed(transport, witness, detector, closedAsIdle, isRecordDenied);
            case Ending.Reset ignored -> closed(transport, witness, detector, closedAsIdle, isRecordDenied);
            case Ending.StreamReset ignored -> closed(transport, witness, detector, closedAsIdle, isRecordDenied);
            case Ending.Lost ignored -> new Attribution(Who.UNKNOWN, null, null);
            case Ending.Malformed ignored -> new Attribution(Who.UNKNOWN, null, null);
            case Ending.Denied ignored -> new Attribution(Who.UNKNOWN, null, null);
            case Ending.Refused ignored -> new Attribution(Who.UNKNOWN, null, null);
            case Ending.Unreachable ignored -> new Attribution(Who.UNKNOWN, null, null);
            case Ending.Ours ignored -> new Attribution(Who.UNKNOWN, null, null);
        };
    }

    /**
     * Closed without a goodbye. Raw TCP has none, so only the service's metrics can tell. If they must not be read,
     * only an intermediary that showed itself is named.
     */
    private static Attribution closed(
            ProbedTransport transport,
            TrialResult witness,
            IntermediaryDetector detector,
            @Nullable Long closedAsIdle,
            boolean isRecordDenied) {
        if (closedAsIdle != null && closedAsIdle > 0) {
            return new Attribution(Who.SERVICE, null, "idle");
        }
        String name = transport.isWeb() ? detector.name(witness.head()) : null;
        if (name == null && closedAsIdle == null && isRecordDenied) {
            return new Attribution(Who.UNKNOWN_WITHOUT_PERMISSION, null, null);
        }
        if (transport.isWeb()) {
            return new Attribution(Who.BETWEEN, name, null);
        }
        return new Attribution(
                transport == ProbedTransport.LINES || closedAsIdle != null ? Who.BETWEEN : Who.UNKNOWN, null, null);
    }

    /** The product, if it is one that we know. */
    @Nullable
    ProxyProduct product() {
        return name == null ? null : ProxyProduct.of(name);
    }
}
