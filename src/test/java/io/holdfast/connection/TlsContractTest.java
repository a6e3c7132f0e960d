package io.holdfast.connection;

import io.holdfast.support.Peer;
import io.holdfast.support.TestBundle;
import java.io.IOException;
import org.springframework.test.context.ContextConfiguration;

/** Raw TCP over TLS. A connection that is refused has no handshake. */
@ContextConfiguration(initializers = TestBundle.OnAllListeners.class)
class TlsContractTest extends TcpContractTest {

    @Override
    Peer connect(String address) throws IOException {
        return Peer.openTls(ports, address);
    }

    @Override
    Peer connectStalled() throws IOException {
        return Peer.stalled(connect("127.0.0.1"));
    }
}
