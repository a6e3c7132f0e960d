package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What the service says about a connection on it, and what an ending is called. */
final class ServerEvents {

    private static final JsonMapper JSON = new JsonMapper();

    private ServerEvents() {}

    static boolean isGoodbye(String json) {
        return json.startsWith("{\"type\":\"goodbye\"");
    }

    static boolean isWelcome(String json) {
        return json.startsWith("{\"type\":\"welcome\"");
    }

    /** A goodbye's code; empty if it has none. */
    static String code(String json) {
        return field(json, "code");
    }

    /** A welcome's connection; empty if it has none. */
    static String connection(String json) {
        return field(json, "connection");
    }

    private static String field(String json, String name) {
        try {
            return JSON.readTree(json).path(name).asString("");
        } catch (JacksonException e) {
            return "";
        }
    }

    /** The ending in words. */
    static String how(Ending ending) {
        return switch (ending) {
            case Ending.Unreachable(String why) -> why;
            case Ending.Refused(var head) -> "HTTP " + head.status();
            case Ending.CloseFrame(int code, String reason) ->
                "close frame " + code + (reason.isEmpty() ? "" : " (" + TextFormat.printable(reason) + ")");
            case Ending.Complete ignored -> "the response was ended in good order";
            case Ending.Fin ignored -> "FIN";
            case Ending.Reset ignored -> "RST";
            case Ending.Lost(String why) -> why;
            case Ending.Garbled(String why) -> "not the protocol: " + TextFormat.printable(why);
            case Ending.Ours ignored -> "closed by us";
        };
    }

    /** The ending in a word, for programs. */
    static String tag(Ending ending) {
        return switch (ending) {
            case Ending.Unreachable ignored -> "unreachable";
            case Ending.Refused ignored -> "refused";
            case Ending.CloseFrame ignored -> "close-frame";
            case Ending.Complete ignored -> "complete";
            case Ending.Fin ignored -> "fin";
            case Ending.Reset ignored -> "reset";
            case Ending.Lost ignored -> "lost";
            case Ending.Garbled ignored -> "garbled";
            case Ending.Ours ignored -> "ours";
        };
    }
}
