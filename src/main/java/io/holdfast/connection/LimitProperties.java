package io.holdfast.connection;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one peer may ask for.
 *
 * @param messageSize the longest {@code message} or {@code size} of a stream's tick, in bytes. Default: 64KB. A request
 *     for more is refused with 400.
 * @param echoSize the largest body or message that is echoed, in bytes, over all its parts. Default: 16MB, at most 1GB.
 *     Over HTTP more is refused with 413, over WebSocket it closes with 1009.
 */
@ConfigurationProperties("holdfast.limits")
public record LimitProperties(
        @DefaultValue("64KB") DataSize messageSize,
        @DefaultValue("16MB") DataSize echoSize) {

    public LimitProperties {
        check("message-size", messageSize, DataSize.ofMegabytes(16), "64KB");
        check("echo-size", echoSize, DataSize.ofGigabytes(1), "16MB");
    }

    private static void check(String name, DataSize size, DataSize most, String example) {
        if (size.toBytes() < 1 || size.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "holdfast.limits." + name + ": " + size + " is not from 1B to " + most + "; valid: " + example);
        }
    }
}
