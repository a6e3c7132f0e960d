// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelPatternTest {

    private static boolean matches(String pattern, String channel, String subject) {
        return ChannelPattern.of("subscribe", pattern).matches(channel, subject);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            news,            news
            news.sport,      news.sport
            *,               news
            news.*,          news.sport
            *.sport,         news.sport
            news.*.today,    news.sport.today
            **,              news
            **,              news.sport.today
            news.**,         news
            news.**,         news.sport
            news.**,         news.sport.today
            **.today,        today
            **.today,        news.sport.today
            a.**.z,          a.z
            a.**.z,          a.b.z.z
            **.b.**,         a.b.c
            **.b.**,         b
            **.b.*,          a.b.b.c
            user.{sub}.*,    user.alice.inbox
            {sub},           alice
            **.{sub},        chat.of.alice
            a..b,            a..b
            a.*.b,           a..b
            """)
    void matches(String pattern, String channel) {
        assertThat(matches(pattern, channel, "alice")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            news,            News
            news,            newsroom
            news,            news.sport
            *,               news.sport
            news.*,          news
            news.*,          news.sport.today
            news.*,          newsroom.sport
            **.today,        todays
            **.today,        today.news
            a.**.z,          a.b
            **.b.*,          a.b
            user.{sub}.*,    user.bob.inbox
            user.{sub}.*,    user.alice
            {sub},           {sub}
            a.b,             a..b
            """)
    void doesNotMatch(String pattern, String channel) {
        assertThat(matches(pattern, channel, "alice")).isFalse();
    }

    /** A subject is chosen by others: it must not act as a pattern, or as more than one part. */
    @ParameterizedTest
    @ValueSource(strings = {"*", "**", "alice.inbox", "{sub}", ""})
    void subjectIsOnePartAndNoPattern(String subject) {
        assertThat(matches("user.{sub}", "user.alice", subject)).isFalse();
        assertThat(matches("user.{sub}", "user.alice.inbox", subject)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a*", "news.***", "user.{name}", "user-{sub}", "a/b", "a b", "ä", "a\n"})
    void whatIsNoPatternIsRefusedWithAnExample(String pattern) {
        assertThatThrownBy(() -> ChannelPattern.of("subscribe", pattern))
                .isInstanceOf(BadPermissionException.class)
                .hasMessageStartingWith(
                        "subscribe: '" + pattern.replace('\n', '?') + "' can't be used. Valid: at most 256 characters")
                .hasMessageEndingWith("as news.**.");
    }

    @Test
    void longestPatternIsAccepted() {
        assertThat(ChannelPattern.of("subscribe", "a".repeat(256)).matches("a".repeat(256), "alice"))
                .isTrue();
        assertThatThrownBy(() -> ChannelPattern.of("subscribe", "a".repeat(257)))
                .isInstanceOf(BadPermissionException.class);
    }

    @Test
    void patternIsWrittenAsItWasRead() {
        assertThat(ChannelPattern.of("subscribe", "user.{sub}.**")).hasToString("user.{sub}.**");
    }

    /** With a search that goes back to each of the earlier ones it would take years. */
    @Test
    @Timeout(5)
    void manyAnyPartsTakeNoLongTime() {
        String pattern = "**.a.".repeat(50) + "b";
        String channel = "a.".repeat(63) + "c";

        assertThat(matches(pattern, channel, "alice")).isFalse();
    }
}
