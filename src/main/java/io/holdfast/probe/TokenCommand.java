// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.access.BadPermissionException;
import io.holdfast.access.ChannelPattern;
import io.holdfast.access.Permissions;
import io.holdfast.access.Principal;
import io.holdfast.access.Role;
import io.holdfast.access.TokenSecret;
import io.holdfast.access.TokenVerifier;
import io.holdfast.access.Verification;
import io.holdfast.probe.client.Printable;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.result.Tone;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code token}. */
@Command(
        name = "token",
        description = "Makes a token, or shows what a token allows. Nothing is sent anywhere.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  export HOLDFAST_ACCESS_SECRET=$(openssl rand -base64 32)",
            "  holdfast token --subject alice --subscribe 'news.**' --publish 'chat.{sub}'",
            "  export HOLDFAST_TOKEN=$(holdfast token --subject bob --role observer)",
            "  holdfast token --check"
        })
final class TokenCommand implements Callable<Integer> {

    private static final Duration LONGEST = Duration.ofDays(3650);

    private static final int MOST_NAME = 128;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--secret",
            paramLabel = "<secret>",
            split = ",",
            defaultValue = "${env:HOLDFAST_ACCESS_SECRET}",
            description = "What the token is signed with: at least 32 bytes. Of several, the first signs. Default: the"
                    + " variable HOLDFAST_ACCESS_SECRET.")
    private List<String> secrets = new ArrayList<>();

    @Option(
            names = "--claim",
            paramLabel = "<name>",
            description = "The claim with the permissions. Default: ${DEFAULT-VALUE}.")
    private String claim = "holdfast";

    @Option(names = "--subject", paramLabel = "<name>", description = "Whose token it is.")
    private @Nullable String subject;

    @Option(
            names = "--subscribe",
            paramLabel = "<pattern>",
            description = "Channels that it may subscribe to, as 'news.**' or 'user.{sub}.*'. May be repeated.")
    private List<String> subscribe = new ArrayList<>();

    @Option(
            names = "--publish",
            paramLabel = "<pattern>",
            description = "Channels that it may publish to. May be repeated.")
    private List<String> publish = new ArrayList<>();

    @Option(names = "--role", paramLabel = "<role>", description = "observer, operator or tester. May be repeated.")
    private List<String> roles = new ArrayList<>();

    @Option(
            names = "--expires",
            paramLabel = "<time>",
            defaultValue = "1h",
            description = "How long it is valid. Default: ${DEFAULT-VALUE}.")
    private Duration expires = Duration.ZERO;

    @Option(names = "--id", paramLabel = "<id>", description = "Its jti, by which it can be revoked.")
    private @Nullable String id;

    @Option(
            names = "--check",
            arity = "0..1",
            paramLabel = "<token>",
            fallbackValue = "${env:HOLDFAST_TOKEN}",
            description = "Shows what this token allows, or why it is not valid. Default: the variable HOLDFAST_TOKEN.")
    private @Nullable String check;

    @Override
    public Integer call() {
        List<TokenSecret> keys = keys();
        if (check != null) {
            return check(keys, check.strip());
        }
        if (subject == null || subject.isBlank() || subject.length() > MOST_NAME) {
            throw Commands.invalid(
                    spec, "--subject", subject == null ? "" : subject, "1 to 128 characters, as --subject alice");
        }
        if (expires.compareTo(Duration.ofSeconds(1)) < 0 || expires.compareTo(LONGEST) > 0) {
            throw Commands.invalid(
                    spec, "--expires", expires, "a duration from 1s to " + LONGEST.toDays() + "d, as --expires 1h");
        }
        spec.commandLine()
                .getOut()
                .println(keys.getFirst().sign(subject, permissions(), claim, expires, id, InstantSource.system()));
        return Commands.WELL;
    }

    private List<TokenSecret> keys() {
        if (secrets.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "No secret. Valid: --secret, or HOLDFAST_ACCESS_SECRET: " + TokenSecret.VALID);
        }
        return secrets.stream().map(this::key).toList();
    }

    private TokenSecret key(String secret) {
        TokenSecret key = TokenSecret.of(secret);
        if (key == null) {
            // Not the secret itself: the terminal may be seen, or logged.
            throw Commands.invalid(spec, "--secret", secret.length() + " characters", TokenSecret.VALID);
        }
        return key;
    }

    private Permissions permissions() {
        try {
            EnumSet<Role> named = EnumSet.noneOf(Role.class);
            roles.forEach(role -> named.add(Role.of(role)));
            return new Permissions(patterns("--subscribe", subscribe), patterns("--publish", publish), named);
        } catch (BadPermissionException e) {
            throw new ParameterException(spec.commandLine(), e.sentence(), e);
        }
    }

    private static List<ChannelPattern> patterns(String option, List<String> texts) {
        return texts.stream().map(text -> ChannelPattern.of(option, text)).toList();
    }

    private int check(List<TokenSecret> keys, String token) {
        Screen screen = Screen.of(spec.commandLine());
        TokenVerifier verifier =
                new TokenVerifier(keys.stream().map(TokenSecret::decoder).toList(), claim, InstantSource.system());
        switch (verifier.verify(token)) {
            case Verification.Verified(Principal owner) -> {
                print(screen, owner);
                return Commands.WELL;
            }
            case Verification.Rejected(Verification.Reason reason, String sentence) ->
                screen.print(Tone.BAD, "Not valid:", sentence);
            case Verification.Unavailable() ->
                screen.print(Tone.UNSURE, "Not checked:", "the keys cannot be fetched now.");
        }
        return Commands.WRONG;
    }

    private static void print(Screen screen, Principal owner) {
        Permissions permissions = owner.permissions();
        Instant until = owner.expires();
        screen.print(Tone.GOOD, "Valid", "");
        screen.print(List.of(
                new Screen.Term("subject:", Printable.text(owner.name())),
                new Screen.Term("until:", until == null ? "for ever" : until.toString()),
                new Screen.Term("id:", owner.tokenId() == null ? "none" : Printable.text(owner.tokenId())),
                new Screen.Term("subscribe:", list(permissions.subscribe())),
                new Screen.Term("publish:", list(permissions.publish())),
                new Screen.Term(
                        "roles:",
                        list(permissions.roles().stream()
                                .map(Role::tag)
                                .sorted()
                                .toList()))));
        screen.out().flush();
    }

    private static String list(Collection<?> values) {
        return values.isEmpty() ? "none" : values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
