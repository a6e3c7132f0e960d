// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.time.Instant;
import java.util.Objects;

/** Messages as applications publish them: an event's name, and about 150 bytes of JSON. */
public final class Drafts {

    private static final JsonValue DATA = Objects.requireNonNull(JsonValue.parse("""
            {"symbol":"ACME","price":102.75,"currency":"EUR","volume":18250,"exchange":"XETRA",\
            "trend":"up","note":"opened higher, then \\"flat\\"","traders":[17,4,23]}"""));

    private static final Position POSITION = new Position("4k7g0d9w", 1234);

    private Drafts() {}

    public static Draft create(Instant time) {
        return new Draft("quote", null, DATA, time);
    }

    /** A published message that was not encoded yet. */
    public static Message message(Instant time) {
        return new Message("prices.acme", POSITION, create(time));
    }
}
