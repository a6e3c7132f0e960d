// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.PlainRequest;
import io.holdfast.support.TestSocket;
import java.io.IOException;

/** How a connection over the limit is refused over HTTP, before the upgrade or the stream. */
final class RefusalAssertions {

    private RefusalAssertions() {}

    static void assertTold(TestSocket wire, String path, Limit limit, int value) throws IOException {
        PlainRequest.Answer answer = PlainRequest.read(wire);

        assertThat(answer.status()).isEqualTo(limit == Limit.PER_ADDRESS ? 429 : 503);
        assertThat(answer.head()).contains("\r\nretry-after: 5\r\n", "\r\ncontent-type: application/problem+json");
        assertThat(answer.json().get("status").asInt()).isEqualTo(answer.status());
        assertThat(answer.json().get("limit").asString()).isEqualTo(limit.property());
        assertThat(answer.json().get("value").asInt()).isEqualTo(value);
        assertThat(answer.json().get("instance").asString()).isEqualTo(path);
        assertThat(answer.json().get("detail").asString()).contains(limit.property(), String.valueOf(value));
    }
}
