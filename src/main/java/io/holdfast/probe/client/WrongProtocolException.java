// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import java.io.IOException;

/** The server speaks another protocol than the one that was asked for. The message is for the user. */
final class WrongProtocolException extends IOException {

    private static final long serialVersionUID = 1L;

    WrongProtocolException(String message) {
        super(message);
    }
}
