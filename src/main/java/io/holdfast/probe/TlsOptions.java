// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.client.Trust;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of TLS, with the names that curl and wscat have. */
final class TlsOptions {

    @Option(
            names = {"--cacert", "--ca"},
            paramLabel = "<file>",
            description = "Trust the certificates in this file (PEM), instead of those that Java trusts.")
    private @Nullable Trust file;

    @Option(names = "--insecure", description = "Accept any certificate, for any host.")
    private boolean insecure;

    /**
     * Whose certificates are accepted.
     *
     * @throws ParameterException if the options contradict each other
     */
    Trust trust(CommandSpec command) {
        if (insecure && file != null) {
            throw new ParameterException(
                    command.commandLine(),
                    "'--cacert' and '--insecure' exclude each other. Valid: one of them, as --cacert ca.pem");
        }
        return insecure ? Trust.ANY : file == null ? Trust.SYSTEM : file;
    }
}
