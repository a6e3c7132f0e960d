// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCommandTest {

    private static final String SECRET = "a-secret-for-tests-of-more-than-32-bytes";
    private static final String OTHER = "another-secret-for-tests-also-long-enough";

    private static String token(String... options) {
        String[] arguments = new String[options.length + 5];
        System.arraycopy(new String[] {"token", "--secret", SECRET, "--subject", "alice"}, 0, arguments, 0, 5);
        System.arraycopy(options, 0, arguments, 5, options.length);
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).hasLineCount(1);
        return run.out().strip();
    }

    @Test
    void tokenSaysWhatItAllows() {
        String token = token(
                "--subscribe",
                "news.**",
                "--subscribe",
                "user.{sub}.*",
                "--publish",
                "chat.{sub}",
                "--role",
                "operator",
                "--id",
                "t-1");

        CommandRun run = CommandRun.of("token", "--secret", SECRET, "--check", token);

        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .startsWith("Valid", "subject:    alice")
                .contains(
                        "id:         t-1",
                        "subscribe:  news.**, user.{sub}.*",
                        "publish:    chat.{sub}",
                        "roles:      operator");
        assertThat(run.out()).containsPattern("until:      20\\d\\d-\\d\\d-\\d\\dT");
    }

    @Test
    void tokenWithoutOptionsAllowsNothing() {
        CommandRun run = CommandRun.of("token", "--secret", SECRET, "--check", token());

        assertThat(run.out().lines()).contains("subscribe:  none", "publish:    none", "roles:      none");
    }

    @Test
    void tokenOfAnotherSecretIsNotValid() {
        CommandRun run = CommandRun.of("token", "--secret", OTHER, "--check", token());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out())
                .isEqualTo("Not valid: No key of the service has signed the token, or it uses another\n  algorithm.\n");
    }

    @Test
    void ofSeveralSecretsTheFirstSignsAndAllAreAccepted() {
        String both = OTHER + "," + SECRET;
        assertThat(CommandRun.of("token", "--secret", both, "--check", token()).code())
                .isZero();

        String first =
                CommandRun.of("token", "--secret", both, "--subject", "bob").out();

        assertThat(CommandRun.of("token", "--secret", OTHER, "--check", first).code())
                .isZero();
        assertThat(CommandRun.of("token", "--secret", SECRET, "--check", first).code())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --subject alice --secret short                        | at least 32 bytes, as 'openssl rand -base64 32'
            --secret a-secret-for-tests-of-more-than-32-bytes     | 1 to 128 characters, as --subject alice
            --secret a-secret-for-tests-of-more-than-32-bytes --subject alice --expires 0s   | as --expires 1h
            --secret a-secret-for-tests-of-more-than-32-bytes --subject alice --expires 3651d | from 1s to 3650d
            --secret a-secret-for-tests-of-more-than-32-bytes --subject alice --role admin   | observer, operator or tester
            --secret a-secret-for-tests-of-more-than-32-bytes --subject alice --subscribe a* | as news.**
            """)
    void whatCantBeUsedIsAnsweredWithWhatCan(String arguments, String valid) {
        CommandRun run = CommandRun.of(("token " + arguments).split(" "));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(valid).contains("--help'").hasLineCount(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).doesNotContain("short");
    }

    @Test
    void helpShowsAnExample() {
        CommandRun run = CommandRun.of("token", "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: holdfast token").contains("  holdfast token --subject alice");
    }
}
