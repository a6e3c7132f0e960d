// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

/** The codes that a close frame may carry (RFC 6455, section 7.4). */
public final class CloseCode {

    /** What is valid, for an error message. */
    public static final String VALID = "a code that may be sent: 1000 to 1003, 1007 to 1014 or 3000 to 4999";

    private CloseCode() {}

    public static boolean mayBeSent(int code) {
        return switch (code) {
            case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014 -> true;
            default -> code >= 3000 && code <= 4999;
        };
    }
}
