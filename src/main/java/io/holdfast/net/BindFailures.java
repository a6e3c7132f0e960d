// SPDX-License-Identifier: Apache-2.0
package io.holdfast.net;

/** Why Netty could not listen. */
public final class BindFailures {

    private BindFailures() {}

    /** What the system says, as {@code Address already in use}. Netty puts the name of the call and a number in front. */
    public static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.substring(message.lastIndexOf(": ") + 1).strip();
    }
}
