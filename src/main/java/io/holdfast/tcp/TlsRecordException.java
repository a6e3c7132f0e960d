// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.netty.handler.codec.DecoderException;

/** The first bytes of a connection without TLS are a record of TLS. */
final class TlsRecordException extends DecoderException {

    private static final long serialVersionUID = 1L;
}
