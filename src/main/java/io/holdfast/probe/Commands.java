// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.client.Trust;
import io.holdfast.probe.client.WebUrl;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.springframework.util.unit.DataSize;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Commands act as clients: they start nothing of the service.
 *
 * <p>If the process is asked to end, the command prints what it has measured so far.
 */
@Command(
        name = "holdfast",
        description =
                "Keeps long connections open, and shows which of them survive. Without a command it starts the service.",
        subcommands = {
            SurviveCommand.class,
            CompareCommand.class,
            LoadCommand.class,
            TokenCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Options without a command are settings of the service, as --server.port=8081."})
public final class Commands {

    /** Referenced, because a logger without references loses its level. */
    private static final Logger NETTY = Logger.getLogger("io.netty");

    public static final int WELL = 0;
    public static final int WRONG = 1;
    public static final int BAD_ARGUMENTS = 2;
    public static final int UNREACHABLE = 3;
    public static final int INTERRUPTED = 130;

    /** The same for all commands. */
    private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

    static {
        EXIT_CODES.put(String.valueOf(WELL), "Done; all is well.");
        EXIT_CODES.put(
                String.valueOf(WRONG),
                "Done; something is wrong: a connection ended, a message was lost, a token is not valid.");
        EXIT_CODES.put(String.valueOf(BAD_ARGUMENTS), "The arguments are invalid.");
        EXIT_CODES.put(
                String.valueOf(UNREACHABLE),
                "A target cannot be reached, or does not answer as expected, as with 404 or 401.");
        EXIT_CODES.put(String.valueOf(INTERRUPTED), "Ended by Ctrl-C; what was measured so far is printed.");
    }

    /** How long a command may take to print its results when the process is asked to end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(8);

    private Commands() {}

    /** Whether the arguments are a command. If not, they are settings of the service. */
    public static boolean isAsked(String[] arguments) {
        return arguments.length > 0
                && (!arguments[0].startsWith("--")
                        || List.of("--help", "--version").contains(arguments[0]));
    }

    /** Runs a command to its end, and returns the exit code. */
    public static int run(String[] arguments) {
        // The output of a command is its result, without the log lines of libraries.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        NETTY.setLevel(Level.WARNING);
        CountDownLatch over = new CountDownLatch(1);
        Thread command = Thread.currentThread();
        Thread end = new Thread(() -> {
            command.interrupt();
            await(over);
        });
        Runtime.getRuntime().addShutdownHook(end);
        try {
            return commandLine()
                    .setOut(writer(System.out))
                    .setErr(writer(System.err))
                    .execute(arguments);
        } finally {
            over.countDown();
            forget(end);
        }
    }

    /** The thread of a command has other work after it, as writing the start cache, that must not be interrupted. */
    private static void forget(Thread end) {
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // The process is ending, and the command has been told.
        }
    }

    /** Without a locale Java takes a terminal for one of ASCII, which has no µ; today's have UTF-8. */
    private static PrintWriter writer(PrintStream out) {
        Charset charset = out.charset().equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : out.charset();
        return new PrintWriter(new OutputStreamWriter(out, charset), true);
    }

    private static void await(CountDownLatch over) {
        try {
            over.await(LAST_WORDS.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new Commands());
        explainExitCodes(commands);
        return commands.registerConverter(HttpAddress.class, valid(HttpAddress::of, HttpAddress.VALID))
                .registerConverter(TcpAddress.class, valid(TcpAddress::of, TcpAddress.VALID))
                .registerConverter(HttpProtocol.class, valid(HttpProtocol::of, HttpProtocol.VALID))
                .registerConverter(Trust.class, valid(Trust::inFile, Trust.VALID_FILE))
                .registerConverter(WebUrl.class, valid(WebUrl::of, WebUrl.VALID))
                .registerConverter(Duration.class, new Durations())
                .registerConverter(DataSize.class, valid(DataSize::parse, "a size, as 64B, 16KB or 1MB"))
                .registerConverter(int.class, valid(Integer::valueOf, "a whole number, as 100"))
                .registerConverter(double.class, valid(Double::valueOf, "a number, as 20"))
                .setParameterExceptionHandler(Commands::refuse)
                .setUsageHelpWidth(Terminal.width(System.getenv()))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static <T> ITypeConverter<T> valid(ITypeConverter<T> converter, String valid) {
        return text -> {
            try {
                return converter.convert(text);
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new TypeConversionException("'" + text + "' can't be used. Valid: " + valid);
            }
        };
    }

    private static void explainExitCodes(CommandLine commands) {
        commands.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(EXIT_CODES);
        commands.getSubcommands().values().forEach(Commands::explainExitCodes);
    }

    /**
     * The exit code of a measurement.
     *
     * @param complete false if it was interrupted
     * @param measured whether every target answered as expected
     */
    static int exitCode(boolean complete, boolean measured, boolean well) {
        return !complete ? INTERRUPTED : !measured ? UNREACHABLE : well ? WELL : WRONG;
    }

    /** The name of a command in its JSON, as {@code load echo}. */
    static String name(CommandSpec command) {
        return command.qualifiedName().replaceFirst("^\\S+ ", "");
    }

    /** Tells that the results are not complete. */
    static void interrupted(CommandSpec command) {
        command.commandLine().getErr().println("Interrupted: these are the results so far.");
        command.commandLine().getErr().flush();
    }

    /** The exception for an option whose value has the right type, but is out of bounds. */
    static ParameterException invalid(CommandSpec command, String option, Object value, String valid) {
        return new ParameterException(
                command.commandLine(),
                "Invalid value for option '" + option + "': '" + value + "' can't be used. Valid: " + valid);
    }

    /** Prints the error and a valid example in two lines, instead of the whole usage. */
    private static int refuse(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(problem.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(problem, err)) {
            err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return BAD_ARGUMENTS;
    }
}
