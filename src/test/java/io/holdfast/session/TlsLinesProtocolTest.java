package io.holdfast.session;

import io.holdfast.support.JsonTalk;
import io.holdfast.support.TestBundle;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.springframework.test.context.ContextConfiguration;

/** Lines over TLS 1.3, which has ends of one side, as TCP has. */
@ContextConfiguration(initializers = TestBundle.OnAllListeners.class)
class TlsLinesProtocolTest extends LinesProtocolTest {

    @Override
    JsonTalk connect() throws IOException {
        return JsonTalk.lines(TestSocket.connect(ports.tcpLines()).withTls(TestBundle.client()));
    }
}
