// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command that was run to its end. */
record CommandRun(int code, String out, String err) {

    static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands =
                Commands.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = commands.execute(arguments);
        return new CommandRun(code, out.toString(), err.toString());
    }
}
