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
            "  holdfast load echo --tcp localhost:8888 --connections 1000 --rate 5000",
            "  holdfast load fan --sse http://localhost:8080/channels/fan --publish http://localhost:8080/channels/fan",
            "  holdfast load idle --ws ws://localhost:8080/channels --connections 5000 --duration 1m",
            "",
            "Exit codes: 0 all is well, 1 messages were lost or repeated, or connections failed, 2 bad arguments,",
            "3 unreachable."
        })
final class LoadCommand {}
