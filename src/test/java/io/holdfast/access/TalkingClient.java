// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import io.holdfast.support.JsonTalk;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client that speaks the channel protocol in JSON. */
final class TalkingClient {

    private TalkingClient() {}

    /** Authenticates, if there is a token, and sends the command: {@code allowed}, or the code of the first error. */
    static String attempt(JsonTalk talk, @Nullable String token, AccessContract.What what) throws IOException {
        if (token != null) {
            // Without waiting for the answer: what follows has to wait for it.
            talk.say("{\"type\":\"authenticate\",\"token\":\"" + token + "\"}");
        }
        command(talk, what);
        if (token != null) {
            JsonNode answer = talk.hear();
            if (answer.path("type").asString("").equals("error")) {
                return answer.path("code").asString("");
            }
        }
        return answer(talk);
    }

    static String attempt(JsonTalk talk, AccessContract.What what) throws IOException {
        command(talk, what);
        return answer(talk);
    }

    private static void command(JsonTalk talk, AccessContract.What what) throws IOException {
        talk.say("{\"type\":\"" + what.action().tag() + "\",\"channel\":\"" + what.channel() + "\""
                + (what.action() == Action.PUBLISH ? ",\"data\":\"hello\"" : "") + "}");
    }

    private static String answer(JsonTalk talk) throws IOException {
        JsonNode answer = talk.hear();
        return answer.path("type").asString("").equals("error")
                ? answer.path("code").asString("")
                : "allowed";
    }
}
