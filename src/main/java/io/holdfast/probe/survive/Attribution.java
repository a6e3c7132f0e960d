package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import org.jspecify.annotations.Nullable;

/**
 * Who ended a connection.
 *
 * @param name what it calls itself; null if it does not
 * @param reason the service's own, as {@code idle}; null if it is not the service or does not say
 */
record Attribution(Who who, @Nullable String name, @Nullable String reason) {

    enum Who {
        /** The server itself, in its own words or by its own count. */
        SERVICE,
        /** Something on the way, which closed the connection. */
        BETWEEN,
        /** Something on the way, which forgot the connection and told nobody. */
        SILENT_DROP,
        /** It can't be told. */
        UNKNOWN
    }

    /**
     * Judges by the ending.
     *
     * @param closedAsIdle how many connections the service closed for being idle meanwhile; null if it does not tell
     */
    static Attribution of(
            ProbedTransport transport, TrialResult witness, IntermediaryDetector doorman, @Nullable Long closedAsIdle) {
        if (!(witness.fate() instanceof SilenceOutcome.Cut(var after, Ending ending, String goodbye))) {
            return new Attribution(Who.SILENT_DROP, null, null);
        }
        if (goodbye != null) {
            return new Attribution(Who.SERVICE, null, TextFormat.printable(goodbye));
        }
        return switch (ending) {
            case Ending.CloseFrame(int code, String reason) ->
                new Attribution(Who.SERVICE, null, reason.isEmpty() ? "code " + code : TextFormat.printable(reason));
            case Ending.Complete ignored -> new Attribution(Who.SERVICE, null, "end of the response");
            case Ending.Fin ignored -> closed(transport, witness, doorman, closedAsIdle);
            case Ending.Reset ignored -> closed(transport, witness, doorman, closedAsIdle);
            case Ending.Lost ignored -> new Attribution(Who.UNKNOWN, null, null);
            case Ending.Garbled ignored -> new Attribution(Who.UNKNOWN, null, null);
            case Ending.Refused ignored -> new Attribution(Who.UNKNOWN, null, null);
            case Ending.Unreachable ignored -> new Attribution(Who.UNKNOWN, null, null);
            case Ending.Ours ignored -> new Attribution(Who.UNKNOWN, null, null);
        };
    }

    /** Closed without the service's goodbye. Raw TCP has none, so there the service's own count is all there is. */
    private static Attribution closed(
            ProbedTransport transport, TrialResult witness, IntermediaryDetector doorman, @Nullable Long closedAsIdle) {
        if (closedAsIdle != null && closedAsIdle > 0) {
            return new Attribution(Who.SERVICE, null, "idle");
        }
        if (transport.isWeb()) {
            return new Attribution(Who.BETWEEN, doorman.name(witness.head()), null);
        }
        return new Attribution(
                transport == ProbedTransport.LINES || closedAsIdle != null ? Who.BETWEEN : Who.UNKNOWN, null, null);
    }

    /** The box, if it is one that we know. */
    @Nullable
    ProxyProduct box() {
        return name == null ? null : ProxyProduct.of(name);
    }
}
