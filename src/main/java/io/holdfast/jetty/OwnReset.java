// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.ResetFrame;

/** A reset that the service decided on. It does not count as one that the client caused. */
public final class OwnReset extends ResetFrame {

    OwnReset(int stream, ErrorCode code) {
        super(stream, code.code);
    }
}
