// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of one connection that was kept silent or had a heartbeat. */
sealed interface SilenceOutcome {

    /** After its time, it answered. */
    record Lived() implements SilenceOutcome {}

    /** It did not end visibly, and it could not be tried: the server sends no ticks. */
    record Untried() implements SilenceOutcome {}

    /**
     * It ended during its time.
     *
     * @param after the silence; with a heartbeat, the time since it opened
     * @param goodbye the code of the goodbye before the end; null without a goodbye
     */
    record Cut(Duration after, Ending ending, @Nullable String goodbye) implements SilenceOutcome {}

    /**
     * It did not end visibly during its time. After it, it did not answer.
     *
     * @param ending how it ended when data was sent; null if it did not end
     */
    record Unanswered(@Nullable Ending ending) implements SilenceOutcome {}

    /** The server sent something, so there was no silence. */
    record Spoken(Duration after, String what) implements SilenceOutcome {}

    /**
     * It could not be opened, or the server does not answer as expected.
     *
     * @param reached whether a server answered at all
     */
    record Failed(String why, boolean reached) implements SilenceOutcome {}

    /** It is connected, but no response came in all that time: an intermediary may hold it back. */
    record Withheld() implements SilenceOutcome {}

    /** Not finished: a shorter silence was too long already, or the user ended the measurement. */
    record Spared() implements SilenceOutcome {}
}
