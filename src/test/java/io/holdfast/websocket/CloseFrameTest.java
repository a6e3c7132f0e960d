// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

class CloseFrameTest {

    @Test
    void codesMayBeSentIfTheyAreAssignedOrForApplications() {
        for (int code = 0; code <= 0xFFFF; code++) {
            boolean assigned = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
            boolean application = code >= 3000 && code <= 4999;

            assertThat(isAccepted(code)).as("code %s", code).isEqualTo(assigned || application);
        }
    }

    private static boolean isAccepted(int code) {
        try {
            CloseStatus status = Frame.closeStatus(
                    ByteBuffer.allocate(2).putShort((short) code).flip());
            assertThat(status.getCode()).isEqualTo(code);
            return true;
        } catch (ProtocolViolation e) {
            assertThat(e.status().getCode()).isEqualTo(1002);
            return false;
        }
    }

    @Test
    void statusIsReadBackAsItWasWritten() throws ProtocolViolation {
        for (CloseStatus status : new CloseStatus[] {
            CloseStatus.NORMAL,
            CloseStatus.NO_STATUS_CODE,
            new CloseStatus(4999, "so long"),
            new CloseStatus(3000, "𝄞 ü €")
        }) {
            assertThat(Frame.closeStatus(Frame.closePayload(status))).isEqualTo(status);
        }
    }

    @Test
    void nothingIsNoStatusAndIsWrittenAsNothing() throws ProtocolViolation {
        assertThat(Frame.closeStatus(ByteBuffer.allocate(0))).isEqualTo(CloseStatus.NO_STATUS_CODE);
        assertThat(Frame.closePayload(CloseStatus.NO_STATUS_CODE).remaining()).isZero();
    }

    @Test
    void oneByteIsNoCode() {
        assertRefused(new byte[] {3}, 1002);
    }

    @Test
    void reasonMustBeUtf8() {
        byte[] halfACharacter = {3, (byte) 0xE8, (byte) 0xE2, (byte) 0x82};
        byte[] latin1 = "\u0003\u00e8Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1);

        assertRefused(halfACharacter, 1007);
        assertRefused(latin1, 1007);
    }

    private static void assertRefused(byte[] payload, int code) {
        assertThatThrownBy(() -> Frame.closeStatus(ByteBuffer.wrap(payload)))
                .asInstanceOf(InstanceOfAssertFactories.type(ProtocolViolation.class))
                .extracting(violation -> violation.status().getCode())
                .isEqualTo(code);
    }
}
