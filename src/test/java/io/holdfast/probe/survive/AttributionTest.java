package io.holdfast.probe.survive;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Head;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttributionTest {

    private final Client client = new Client(1);
    private final IntermediaryDetector detector = new IntermediaryDetector(client, null, Duration.ofSeconds(1));

    @AfterEach
    void close() {
        client.close();
    }

    private Attribution of(ProbedTransport transport, Ending ending, @Nullable String goodbye, @Nullable Long idle) {
        return of(transport, new SilenceOutcome.Cut(Duration.ofSeconds(3), ending, goodbye), null, idle);
    }

    private Attribution of(
            ProbedTransport transport, SilenceOutcome outcome, @Nullable Head head, @Nullable Long idle) {
        return Attribution.of(
                transport,
                new TrialResult(Trial.silent(Duration.ofSeconds(4)), outcome, head, null),
                detector,
                idle,
                false);
    }

    @Test
    void closeFrameIsTheServiceSpeaking() {
        assertThat(of(ProbedTransport.WEBSOCKET, new Ending.CloseFrame(4000, "idle"), null, 0L))
                .isEqualTo(new Attribution(Attribution.Who.SERVICE, null, "idle"));
    }

    @Test
    void goodbyeIsTheServiceSpeaking() {
        assertThat(of(ProbedTransport.LINES, new Ending.Fin(), "draining", 0L))
                .isEqualTo(new Attribution(Attribution.Who.SERVICE, null, "draining"));
    }

    @Test
    void bodyThatIsEndedIsTheServiceAtWork() {
        assertThat(of(ProbedTransport.SSE, new Ending.Complete(), null, 0L).who())
                .isEqualTo(Attribution.Who.SERVICE);
    }

    @Test
    void finWithoutAGoodbyeIsSomethingBetween() {
        assertThat(of(ProbedTransport.WEBSOCKET, new Ending.Fin(), null, null))
                .isEqualTo(new Attribution(Attribution.Who.BETWEEN, null, null));
        assertThat(of(ProbedTransport.LINES, new Ending.Reset(), null, null).who())
                .isEqualTo(Attribution.Who.BETWEEN);
    }

    /** The client hears of it late, or never. */
    @ParameterizedTest
    @EnumSource(names = {"SSE", "WEBSOCKET", "LINES"})
    void whatOnlyTheServiceNoticesIsNoSilentDrop(ProbedTransport transport) {
        SilenceOutcome late = new SilenceOutcome.Unanswered(new Ending.StreamReset("INTERNAL_ERROR"));
        TrialResult noticed = new TrialResult(Trial.silent(Duration.ofSeconds(4)), late, null, true);
        TrialResult unnoticed = new TrialResult(Trial.silent(Duration.ofSeconds(4)), late, null, false);

        assertThat(Attribution.of(transport, noticed, detector, 0L, false).who())
                .isEqualTo(Attribution.Who.BETWEEN);
        assertThat(Attribution.of(transport, noticed, detector, 1L, false).who())
                .isEqualTo(Attribution.Who.SERVICE);
        assertThat(Attribution.of(transport, unnoticed, detector, 0L, false).who())
                .isEqualTo(Attribution.Who.SILENT_DROP);
    }

    @Test
    void rawTcpIsTheServiceIfItCountsIt() {
        assertThat(of(ProbedTransport.TCP, new Ending.Fin(), null, 3L))
                .isEqualTo(new Attribution(Attribution.Who.SERVICE, null, "idle"));
        assertThat(of(ProbedTransport.TCP, new Ending.Fin(), null, 0L).who()).isEqualTo(Attribution.Who.BETWEEN);
        assertThat(of(ProbedTransport.TCP, new Ending.Fin(), null, null).who()).isEqualTo(Attribution.Who.UNKNOWN);
    }

    /** The service might have counted it. An intermediary that sends its name was there in any case. */
    @Test
    void whereTheRecordMustNotBeReadOnlyWhatIsSeenIsNamed() {
        SilenceOutcome cut = new SilenceOutcome.Cut(Duration.ofSeconds(3), new Ending.Fin(), null);
        Head server = new Head(200, new DefaultHttpHeaders().set("Server", "nginx/1.22.1"));

        for (ProbedTransport transport : ProbedTransport.values()) {
            assertThat(Attribution.of(transport, held(cut, null), detector, null, true)
                            .who())
                    .isEqualTo(Attribution.Who.UNKNOWN_WITHOUT_PERMISSION);
        }
        assertThat(Attribution.of(ProbedTransport.SSE, held(cut, server), detector, null, true))
                .isEqualTo(new Attribution(Attribution.Who.BETWEEN, "nginx/1.22.1", null));
    }

    private static TrialResult held(SilenceOutcome outcome, @Nullable Head head) {
        return new TrialResult(Trial.silent(Duration.ofSeconds(4)), outcome, head, null);
    }

    @Test
    void whatIsBetweenIsNamedByItsHeaders() {
        SilenceOutcome cut = new SilenceOutcome.Cut(Duration.ofSeconds(3), new Ending.Fin(), null);
        Head server = new Head(200, new DefaultHttpHeaders().set("Server", "nginx/1.22.1"));
        Head via = new Head(200, new DefaultHttpHeaders().set("Server", "mine").set("Via", "1.1 varnish"));

        assertThat(of(ProbedTransport.SSE, cut, server, null).name()).isEqualTo("nginx/1.22.1");
        assertThat(of(ProbedTransport.SSE, cut, server, null).product()).isEqualTo(ProxyProduct.of("nginx"));
        assertThat(of(ProbedTransport.SSE, cut, via, null).name()).isEqualTo("1.1 varnish");
    }

    @Test
    void silenceAfterTheSilenceIsADrop() {
        assertThat(of(ProbedTransport.TCP, new SilenceOutcome.Unanswered(new Ending.Reset()), null, 0L)
                        .who())
                .isEqualTo(Attribution.Who.SILENT_DROP);
    }
}
