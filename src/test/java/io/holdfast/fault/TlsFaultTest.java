package io.holdfast.fault;

import io.holdfast.support.TestBundle;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.springframework.test.context.ContextConfiguration;

/** The same over TLS. A FIN comes after close_notify, and a reset without it. */
@ContextConfiguration(initializers = TestBundle.OnAllListeners.class)
class TlsFaultTest extends TcpFaultTest {

    @Override
    TestSocket open(String listener) throws IOException {
        return super.open(listener).withTls(TestBundle.client());
    }
}
