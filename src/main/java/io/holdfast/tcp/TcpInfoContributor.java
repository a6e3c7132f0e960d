package io.holdfast.tcp;

import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.stereotype.Component;

/** Tells {@code /actuator/info} the ports listened on and how Netty talks to the kernel. */
@Component
class TcpInfoContributor implements InfoContributor {

    private final TcpListener listener;

    TcpInfoContributor(TcpListener listener) {
        this.listener = listener;
    }

    @Override
    public void contribute(Info.Builder builder) {
        builder.withDetail("tcp", Map.of("transport", listener.transport().label(), "listeners", listener.ports()));
    }
}
