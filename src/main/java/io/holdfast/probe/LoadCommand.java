// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import picocli.CommandLine.Command;

/** The command {@code load}. Its subcommands do the work. */
@Command(
        name = "load",
        description = "Loads any server with thousands of connections from one process.",
        subcommands = {EchoCommand.class, FanCommand.class, IdleCommand.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "echo | fan | idle",
        footer = {
            "",
            "Examples:",
            "  holdfast load echo --tcp localhost:8888 --connections 200 --rate 1000",
            "  holdfast load fan --sse http://localhost:8080/channels/fan \\",
            "    --publish http://localhost:8080/channels/fan",
            "  holdfast load idle --ws ws://localhost:8080/channels --connections 500"
        })
final class LoadCommand {}
