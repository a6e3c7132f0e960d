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

class CulpritTest {

    private final Client client = new Client(1, false);
    private final Doorman doorman = new Doorman(client, null, Duration.ofSeconds(1));

    @AfterEach
    void close() {
        client.close();
    }

    private Culprit of(Transport transport, Ending ending, @Nullable String goodbye, @Nullable Long idle) {
        return of(transport, new Fate.Cut(Duration.ofSeconds(3), ending, goodbye), null, idle);
    }

    private Culprit of(Transport transport, Fate fate, @Nullable Head head, @Nullable Long idle) {
        return Culprit.of(transport, new Held(Trial.silent(Duration.ofSeconds(4)), fate, head, null), doorman, idle);
    }

    @Test
    void closeFrameIsTheServiceSpeaking() {
        assertThat(of(Transport.WEBSOCKET, new Ending.CloseFrame(4000, "idle"), null, 0L))
                .isEqualTo(new Culprit(Culprit.Who.SERVICE, null, "idle"));
    }

    @Test
    void goodbyeIsTheServiceSpeaking() {
        assertThat(of(Transport.LINES, new Ending.Fin(), "draining", 0L))
                .isEqualTo(new Culprit(Culprit.Who.SERVICE, null, "draining"));
    }

    @Test
    void bodyThatIsEndedIsTheServiceAtWork() {
        assertThat(of(Transport.SSE, new Ending.Complete(), null, 0L).who()).isEqualTo(Culprit.Who.SERVICE);
    }

    @Test
    void finWithoutAGoodbyeIsSomethingBetween() {
        assertThat(of(Transport.WEBSOCKET, new Ending.Fin(), null, null))
                .isEqualTo(new Culprit(Culprit.Who.BETWEEN, null, null));
        assertThat(of(Transport.LINES, new Ending.Reset(), null, null).who()).isEqualTo(Culprit.Who.BETWEEN);
    }

    @Test
    void rawTcpIsTheServiceIfItCountsIt() {
        assertThat(of(Transport.TCP, new Ending.Fin(), null, 3L))
                .isEqualTo(new Culprit(Culprit.Who.SERVICE, null, "idle"));
        assertThat(of(Transport.TCP, new Ending.Fin(), null, 0L).who()).isEqualTo(Culprit.Who.BETWEEN);
        assertThat(of(Transport.TCP, new Ending.Fin(), null, null).who()).isEqualTo(Culprit.Who.UNKNOWN);
    }

    @Test
    void whatIsBetweenIsNamedByItsHeaders() {
        Fate cut = new Fate.Cut(Duration.ofSeconds(3), new Ending.Fin(), null);
        Head server = new Head(200, new DefaultHttpHeaders().set("Server", "nginx/1.22.1"));
        Head via = new Head(200, new DefaultHttpHeaders().set("Server", "mine").set("Via", "1.1 varnish"));

        assertThat(of(Transport.SSE, cut, server, null).name()).isEqualTo("nginx/1.22.1");
        assertThat(of(Transport.SSE, cut, server, null).box()).isEqualTo(Box.NGINX);
        assertThat(of(Transport.SSE, cut, via, null).name()).isEqualTo("1.1 varnish");
    }

    @Test
    void silenceAfterTheSilenceIsADrop() {
        assertThat(of(Transport.TCP, new Fate.Unanswered(new Ending.Reset()), null, 0L)
                        .who())
                .isEqualTo(Culprit.Who.SILENT_DROP);
    }
}
