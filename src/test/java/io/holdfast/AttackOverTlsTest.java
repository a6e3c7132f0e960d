package io.holdfast;

import io.holdfast.support.ServiceProcess;
import java.util.ArrayList;
import java.util.List;

/** Over TLS on all ports. The limits are lower: a test encrypts slowly. */
class AttackOverTlsTest extends AttackTest {

    @Override
    ServiceProcess start(List<String> options, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--holdfast.limits.echo-size=2MB");
        all.add("--holdfast.memory.receiving=4MB");
        all.add("--holdfast.memory.sending=4MB");
        all.add("--holdfast.memory.history=8MB");
        return ServiceProcess.startWithTls(options, all.toArray(String[]::new));
    }

    @Override
    int scale() {
        return 8;
    }
}
