// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Head;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AttributionTest {

    private final Client client = new Client(1);
    private final IntermediaryDetector detector = new IntermediaryDetector(client, null, Duration.ofSeconds(1));

    @AfterEach
    void close() {
        client.close();
    }

    private static TrialResult seen(SilenceOutcome outcome, @Nullable Boolean noticed, @Nullable String reason) {
        return new TrialResult(Trial.silent(Duration.ofSeconds(4)), outcome, null, noticed, reason);
    }

    private static SilenceOutcome cut(Ending ending) {
        return new SilenceOutcome.Cut(Duration.ofSeconds(3), ending, null);
    }

    private Attribution of(ProbedTransport transport, TrialResult witness) {
        return Attribution.of(transport, witness, detector, false);
    }

    private static Stream<Ending> endings() {
        return Stream.of(
                new Ending.CloseFrame(1001, "going away"),
                new Ending.Complete(),
                new Ending.Fin(),
                new Ending.Reset(),
                new Ending.StreamReset("INTERNAL_ERROR"));
    }

    /** However it looks to the client. */
    @ParameterizedTest
    @MethodSource("endings")
    void theRecordOfTheServiceDecides(Ending ending) {
        for (ProbedTransport transport : ProbedTransport.values()) {
            assertThat(of(transport, seen(cut(ending), true, "idle")))
                    .isEqualTo(new Attribution(Attribution.Who.SERVICE, null, "idle", true));
            assertThat(of(transport, seen(cut(ending), true, "client")))
                    .isEqualTo(new Attribution(Attribution.Who.BETWEEN, null, null, true));
            assertThat(of(transport, seen(cut(ending), true, "completed")))
                    .as("the last event was sent after the end that the client saw")
                    .isEqualTo(new Attribution(Attribution.Who.BETWEEN, null, null, true));
            assertThat(of(transport, seen(cut(ending), false, null)))
                    .as("the service still has it open")
                    .isEqualTo(new Attribution(Attribution.Who.BETWEEN, null, null, true));
        }
    }

    @Test
    void goodbyeIsTheServiceSpeaking() {
        SilenceOutcome goodbye = new SilenceOutcome.Cut(Duration.ofSeconds(3), new Ending.Fin(), "draining");

        assertThat(of(ProbedTransport.LINES, seen(goodbye, null, null)))
                .isEqualTo(new Attribution(Attribution.Who.SERVICE, null, "draining", true));
    }

    @Test
    void withoutARecordACloseFrameIsMostLikelyTheService() {
        assertThat(of(ProbedTransport.WEBSOCKET, seen(cut(new Ending.CloseFrame(4000, "idle")), null, null)))
                .isEqualTo(new Attribution(Attribution.Who.SERVICE, null, "idle", false));
    }

    /** A proxy can end a response, too, and a service can close without a word. */
    @Test
    void withoutARecordNobodyIsAccused() {
        assertThat(of(ProbedTransport.SSE, seen(cut(new Ending.Complete()), null, null))
                        .who())
                .isEqualTo(Attribution.Who.UNKNOWN);
        assertThat(of(ProbedTransport.WEBSOCKET, seen(cut(new Ending.Fin()), null, null))
                        .who())
                .isEqualTo(Attribution.Who.UNKNOWN);
        assertThat(of(ProbedTransport.TCP, seen(cut(new Ending.Fin()), null, null))
                        .who())
                .isEqualTo(Attribution.Who.UNKNOWN);
    }

    @Test
    void onLinesTheServiceSaysGoodbye() {
        assertThat(of(ProbedTransport.LINES, seen(cut(new Ending.Reset()), null, null)))
                .isEqualTo(new Attribution(Attribution.Who.BETWEEN, null, null, false));
    }

    /** The client hears of it late, or never. */
    @ParameterizedTest
    @EnumSource(names = {"SSE", "WEBSOCKET", "LINES"})
    void whatOnlyTheServiceNoticesIsNoSilentDrop(ProbedTransport transport) {
        SilenceOutcome late = new SilenceOutcome.Unanswered(new Ending.StreamReset("INTERNAL_ERROR"));

        assertThat(of(transport, seen(late, true, "client")).who()).isEqualTo(Attribution.Who.BETWEEN);
        assertThat(of(transport, seen(late, true, "idle")).who()).isEqualTo(Attribution.Who.SERVICE);
        assertThat(of(transport, seen(late, true, "no-pong")).who()).isEqualTo(Attribution.Who.SILENT_DROP);
        assertThat(of(transport, seen(late, true, "completed")).who()).isEqualTo(Attribution.Who.SILENT_DROP);
        assertThat(of(transport, seen(late, false, null)).who()).isEqualTo(Attribution.Who.SILENT_DROP);
    }

    /** The service might have closed it. An intermediary that sends its name was there in any case. */
    @Test
    void whereTheRecordMustNotBeReadOnlyWhatIsSeenIsNamed() {
        SilenceOutcome cut = cut(new Ending.Fin());
        Head server = new Head(200, new DefaultHttpHeaders().set("Server", "nginx/1.22.1"));

        for (ProbedTransport transport : ProbedTransport.values()) {
            assertThat(Attribution.of(transport, held(cut, null), detector, true)
                            .who())
                    .isEqualTo(Attribution.Who.UNKNOWN_WITHOUT_PERMISSION);
        }
        assertThat(Attribution.of(ProbedTransport.SSE, held(cut, server), detector, true))
                .isEqualTo(new Attribution(Attribution.Who.BETWEEN, "nginx/1.22.1", null, false));
    }

    private static TrialResult held(SilenceOutcome outcome, @Nullable Head head) {
        return new TrialResult(Trial.silent(Duration.ofSeconds(4)), outcome, head, null, null);
    }

    @Test
    void whatIsBetweenIsNamedByItsHeaders() {
        Head server = new Head(200, new DefaultHttpHeaders().set("Server", "nginx/1.22.1"));
        Head via = new Head(200, new DefaultHttpHeaders().set("Server", "mine").set("Via", "1.1 varnish"));

        Attribution nginx = of(ProbedTransport.SSE, held(cut(new Ending.Fin()), server));
        assertThat(nginx.name()).isEqualTo("nginx/1.22.1");
        assertThat(nginx.product()).isEqualTo(ProxyProduct.of("nginx"));
        assertThat(of(ProbedTransport.SSE, held(cut(new Ending.Fin()), via)).name())
                .isEqualTo("1.1 varnish");
    }

    /** It has no record, but the service tells its timeout. */
    @Test
    void connectionThatWaitsForARequestIsClosedByWhomItsTimeoutIs() {
        SilenceLimit limit = Objects.requireNonNull(SilenceLimit.of(List.of(seen(cut(new Ending.Fin()), null, null))));

        assertThat(Attribution.ofKeepAlive(limit, detector, Duration.ofMillis(3100), false))
                .isEqualTo(new Attribution(Attribution.Who.SERVICE, null, Attribution.KEEP_ALIVE, false));
        assertThat(Attribution.ofKeepAlive(limit, detector, Duration.ofSeconds(30), false))
                .isEqualTo(new Attribution(Attribution.Who.BETWEEN, null, null, false));
        assertThat(Attribution.ofKeepAlive(limit, detector, null, false).who()).isEqualTo(Attribution.Who.UNKNOWN);
        assertThat(Attribution.ofKeepAlive(limit, detector, null, true).who())
                .isEqualTo(Attribution.Who.UNKNOWN_WITHOUT_PERMISSION);
    }

    @Test
    void silenceAfterTheSilenceIsADrop() {
        assertThat(of(ProbedTransport.TCP, seen(new SilenceOutcome.Unanswered(new Ending.Reset()), null, null))
                        .who())
                .isEqualTo(Attribution.Who.SILENT_DROP);
    }
}
