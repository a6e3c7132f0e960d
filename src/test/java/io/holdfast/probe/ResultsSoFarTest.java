// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command whose thread is interrupted, as Ctrl-C does it. */
@HoldfastTest
class ResultsSoFarTest {

    private static final String ECHO = "load echo --connections 5 --rate 100 --warmup 10ms --duration 1h --patience 1h";

    @Autowired
    Ports ports;

    private CommandRun interrupted(String command, long afterMillis) throws Exception {
        String line = command.replace("HTTP", "http://127.0.0.1:" + ports.http())
                .replace("TCP", "127.0.0.1:" + ports.tcpEcho());
        CompletableFuture<CommandRun> run = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> run.complete(CommandRun.of(line.split(" "))));
        CompletableFuture.delayedExecutor(afterMillis, TimeUnit.MILLISECONDS).execute(thread::interrupt);
        return run.get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "survive --http HTTP --tcp TCP --silences 200ms;1h, 2500, survive,  /transports/0/livedMillis",
        "compare --tcp TCP --count 10000000,                1000, compare,  /rounds",
        ECHO + " --tcp TCP,                                 1500, load echo, /results/0/answered",
        "load idle --tcp TCP --duration 1h --connections 3, 1000, load idle, /results/0/stillStanding"
    })
    void jsonSaysThatItIsNotComplete(String command, long after, String name, String figure) throws Exception {
        CommandRun run = interrupted(command.replace(';', ',') + " --json", after);

        JsonNode json = new JsonMapper().readTree(run.out());
        assertThat(run.code()).as(run.err()).isEqualTo(Commands.INTERRUPTED);
        assertThat(json.at("/command").asString()).isEqualTo(name);
        assertThat(json.at("/complete").asBoolean(true)).isFalse();
        assertThat(json.at(figure).intValue()).isPositive();
        assertThat(run.err()).endsWith("Interrupted: these are the results so far.\n");
    }

    @ParameterizedTest
    @CsvSource({
        "survive --http HTTP --silences 200ms;1h, 2500, SSE: Silences of up to 200ms survive.",
        "survive --http HTTP --silences 1h,       1500, SSE: Not measured: it was ended before a result.",
        ECHO + " --tcp TCP,                       1500, connections  msg/s"
    })
    void tableHasTheResultsSoFar(String command, long after, String shown) throws Exception {
        CommandRun run = interrupted(command.replace(';', ','), after);

        assertThat(run.code()).as(run.err()).isEqualTo(Commands.INTERRUPTED);
        assertThat(run.out()).contains(shown).doesNotContain("NaN", "Infinity");
    }
}
