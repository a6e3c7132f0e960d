// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.client.BearerToken;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The token of a command that talks to a service. */
final class TokenOption {

    private static final String VARIABLE = "HOLDFAST_TOKEN";

    // The variable is no default value of the option: a default may be shown, and could not be told from --token.
    @Option(
            names = "--token",
            paramLabel = "<token>",
            description = "A token or an API key. It is sent to the given addresses, but not on raw TCP. Default: the"
                    + " variable " + VARIABLE + ".")
    private @Nullable String token;

    /**
     * The given token; null if there is none.
     *
     * @throws ParameterException if it cannot be sent; without its value, as the terminal may be seen, or logged
     */
    @Nullable
    BearerToken of(CommandSpec command) {
        String stored = System.getenv(VARIABLE);
        if (token != null) {
            return valid(command, "--token", token);
        }
        return stored == null || stored.isEmpty() ? null : valid(command, VARIABLE, stored);
    }

    private static BearerToken valid(CommandSpec command, String from, String given) {
        try {
            return BearerToken.of(given);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command.commandLine(),
                    "The value of " + from + " (" + given.length() + " characters) can't be used. Valid: "
                            + BearerToken.VALID);
        }
    }
}
