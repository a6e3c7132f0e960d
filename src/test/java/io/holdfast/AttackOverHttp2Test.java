package io.holdfast;

import io.holdfast.support.Http2Relay;
import io.holdfast.support.Ports;
import io.holdfast.support.TestCertificate;
import io.holdfast.support.TlsRelay;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;

/** Over HTTP/2 and lines, each with TLS. */
class AttackOverHttp2Test extends AttackContract {

    private static final TestCertificate CERTIFICATE = TestCertificate.inFiles("localhost");

    private final SSLContext client = TestCertificate.client(null, CERTIFICATE);
    private final List<Closeable> relays = new ArrayList<>();

    @Override
    List<String> settings() {
        List<String> settings = new ArrayList<>(List.of(
                "--server.ssl.bundle=web", "--management.server.port=0", "--management.server.ssl.enabled=false"));
        CERTIFICATE.bundle("web").forEach(setting -> settings.add("--" + setting));
        for (String listener : List.of("echo", "lines", "stalled", "late")) {
            settings.add("--holdfast.tcp.listeners." + listener + ".ssl.bundle=web");
        }
        return settings;
    }

    @Override
    Ports reach(Ports service) throws IOException {
        Map<String, Integer> listeners = new HashMap<>();
        for (String listener : List.of("echo", "lines", "stalled", "late")) {
            TlsRelay relay = new TlsRelay(() -> service.tcp(listener), client);
            relays.add(relay);
            listeners.put(listener, relay.port());
        }
        Http2Relay http = Http2Relay.withSmallWindows(service::http, client);
        relays.add(http);
        return Ports.of(http.port(), listeners);
    }

    @Override
    List<String> framings() {
        return List.of("Content-Length: 16777216");
    }

    /** Each client of the relay has one request. */
    @Override
    int requestsAhead() {
        return 1;
    }

    @AfterAll
    void closeRelays() throws IOException {
        for (Closeable relay : relays) {
            relay.close();
        }
    }
}
