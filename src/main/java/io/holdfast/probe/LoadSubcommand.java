// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.load.Load;
import io.holdfast.probe.load.LoadResult;
import io.holdfast.probe.result.Json;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.result.Table;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What all load commands do: check the options, load one target after the other, print the results.
 *
 * @param <R> the result for one target
 */
abstract class LoadSubcommand<R extends LoadResult> implements Callable<Integer> {

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    LoadOptions options = new LoadOptions();

    /** The targets given; none if there is no option for one. */
    abstract List<Target> targets();

    /** The error if there are no targets, with a valid example. */
    abstract String noTargets();

    /** Checks the command's own options. */
    void check() {}

    /** Where the service's actuator is looked for; null if no option tells. */
    abstract @Nullable HttpAddress service();

    /** Connections that are needed besides those that were asked for. */
    int extraConnections() {
        return 0;
    }

    /** Printed before the load starts. */
    abstract String introduction();

    abstract Load<R> load(Target target);

    abstract Table<R> table();

    /** What the table's times are. */
    abstract String explanation();

    /** Prints what is not in the table. */
    abstract void printDetails(Screen screen, R result);

    @Override
    public final Integer call() {
        List<Target> targets = targets();
        if (targets.isEmpty()) {
            throw new ParameterException(spec.commandLine(), noTargets());
        }
        options.check(spec);
        check();
        List<R> results = options.run(spec, introduction(), extraConnections(), service(), targets, this::load);
        boolean complete = results.size() == targets.size() && results.stream().allMatch(LoadResult::complete);
        print(results, complete);
        return Commands.exitCode(
                complete,
                results.stream().noneMatch(LoadResult::isRefused),
                results.stream().allMatch(LoadResult::isWell));
    }

    private void print(List<R> results, boolean complete) {
        Screen screen = Screen.of(spec.commandLine());
        List<R> measured =
                results.stream().filter(result -> result.denied() == null).toList();
        if (options.json()) {
            Json.print(screen.out(), Commands.name(spec), complete, Map.of("results", results));
        } else if (!measured.isEmpty()) {
            table().print(screen, measured);
            screen.blank();
            screen.print(explanation());
            measured.forEach(result -> printDetails(screen, result));
        }
        screen.out().flush();
        printDenied(results);
        if (!complete) {
            Commands.interrupted(spec);
        }
    }

    /** Whoever is refused access has measured nothing. */
    private void printDenied(List<R> results) {
        Screen err = Screen.ofErrors(spec.commandLine());
        results.stream()
                .filter(result -> result.denied() != null)
                .forEach(result -> err.print(result.target() + ": " + result.denied() + "."));
        err.out().flush();
    }
}
