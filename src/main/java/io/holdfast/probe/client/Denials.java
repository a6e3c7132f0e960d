// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads from answers that a service refuses access, and why. */
public final class Denials {

    /** Characters of an answer that are shown. The service's own has permissions, and the setting to use. */
    private static final int LONGEST = 600;

    private static final String UNAUTHENTICATED = "unauthenticated";

    private static final String DENIED = "denied";

    private static final ByteBuf ERROR =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("{\"type\":\"error\"", StandardCharsets.UTF_8));

    /** What refuses a foreign origin begins so. */
    private static final String ORIGIN = "Header 'Origin";

    /** The end of the reason if what is between has given the service another {@code Host} than the client's. */
    public static final String KEEP_HOST =
            "an intermediary must keep the header Host, as the service compares Origin with it";

    private static final String OPTIONS = "--token or HOLDFAST_TOKEN";

    private Denials() {}

    /** Whether a status says that a client is unknown, or has no permission. */
    public static boolean isDenial(int status) {
        return status == 401 || status == 403;
    }

    /**
     * The ending that an answer over HTTP stands for.
     *
     * @param body whose {@code detail} is the reason, if it is a problem (RFC 9457)
     * @param token that was sent with the request; null if none was
     */
    public static Ending.Denied ofStatus(int status, String body, @Nullable BearerToken token) {
        String code = status == 401 ? UNAUTHENTICATED : DENIED;
        return denied("HTTP " + status, code, read(body).path("detail").asString(""), token);
    }

    /**
     * The ending that an event of the channel protocol stands for; null if it is not about access. An error of any
     * code is about access if it answers our command.
     */
    static Ending.@Nullable Denied ofEvent(ByteBuf event, @Nullable BearerToken token) {
        int length = ERROR.readableBytes();
        if (event.readableBytes() < length || !ByteBufUtil.equals(event, event.readerIndex(), ERROR, 0, length)) {
            return null;
        }
        JsonNode error = read(event.toString(StandardCharsets.UTF_8));
        String code = error.path("code").asString("");
        boolean ofOurs = token != null && error.path("id").asString("").equals(BearerToken.COMMAND_ID);
        return ofOurs || code.equals(UNAUTHENTICATED) || code.equals(DENIED)
                ? denied("error " + code, code, error.path("message").asString(""), token)
                : null;
    }

    private static JsonNode read(String json) {
        JsonMapper mapper = new JsonMapper();
        try {
            return mapper.readTree(json);
        } catch (JacksonException e) {
            return mapper.missingNode();
        }
    }

    private static Ending.Denied denied(String answer, String code, String reason, @Nullable BearerToken token) {
        String whole = reason.isEmpty() ? answer : answer + ": " + reason;
        String shown = Printable.text(token == null ? whole : token.hiddenIn(whole), LONGEST);
        return new Ending.Denied(shown.replaceFirst("\\.$", "") + "; "
                + (reason.startsWith(ORIGIN) ? KEEP_HOST : advice(code, token != null)));
    }

    private static String advice(String code, boolean hadToken) {
        if (!hadToken) {
            return "use " + OPTIONS;
        }
        return "the token of " + OPTIONS
                + switch (code) {
                    case UNAUTHENTICATED -> " is not accepted";
                    case DENIED -> " does not permit it";
                    default -> " could not be used";
                };
    }
}
