package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a connection that was held. */
sealed interface SilenceOutcome {

    /** Tried after its time, it answered. */
    record Lived() implements SilenceOutcome {}

    /** It was not seen to end, and could not be tried: the server does not write when it is asked to. */
    record Untried() implements SilenceOutcome {}

    /**
     * It ended during its time.
     *
     * @param after the silence, or the time that it was held if it had a heartbeat
     * @param goodbye the code of the goodbye that came before; null if none did
     */
    record Cut(Duration after, Ending ending, @Nullable String goodbye) implements SilenceOutcome {}

    /**
     * Nothing was heard of it during its time; tried then, it did not answer.
     *
     * @param ending how it ended when it was tried; null if it did not even end
     */
    record Unanswered(@Nullable Ending ending) implements SilenceOutcome {}

    /** The other side spoke, so the silence was none. */
    record Spoken(Duration after, String what) implements SilenceOutcome {}

    /**
     * It never stood, or the other side does not answer in the expected way.
     *
     * @param reached whether anything answered at all
     */
    record Failed(String why, boolean reached) implements SilenceOutcome {}

    /** It is connected, but no response came in all that time: something may hold it back. */
    record Withheld() implements SilenceOutcome {}

    /** Given up, since a shorter silence was found to be too long. */
    record Spared() implements SilenceOutcome {}
}
