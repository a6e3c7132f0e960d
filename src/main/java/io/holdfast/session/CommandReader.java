// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.channel.BadValueException;
import io.holdfast.channel.ChannelRules;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.TraceContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads commands. Unknown fields are ignored. Anything else that is wrong makes a {@link Command.Bad}. */
final class CommandReader {

    private static final int MAX_ID = 128;

    private final int maxData;

    /** @param maxData bytes of the longest data */
    CommandReader(int maxData) {
        this.maxData = maxData;
    }

    /** @param text one JSON object, if it is a command */
    Command read(String text) {
        Fields fields = new Fields();
        try (JsonParser parser = JsonValue.parser(text)) {
            fields.read(parser, text);
        } catch (JacksonException e) {
            return new Command.Bad(null, "bad-json", "One JSON object, as {\"type\":\"ping\"}, is valid.");
        } catch (BadValueException e) {
            return new Command.Bad(fields.id, e.code(), e.sentence());
        }
        try {
            return command(fields);
        } catch (BadValueException e) {
            return new Command.Bad(fields.id, e.code(), e.sentence());
        }
    }

    private Command command(Fields fields) {
        return switch (fields.type) {
            case "subscribe" ->
                new Command.Subscribe(
                        fields.id,
                        ChannelRules.channel(fields.channel),
                        ChannelRules.from("from", fields.from),
                        ChannelRules.mode(fields.mode));
            case "unsubscribe" -> new Command.Unsubscribe(fields.id, ChannelRules.channel(fields.channel));
            case "publish" ->
                new Command.Publish(
                        fields.id,
                        ChannelRules.channel(fields.channel),
                        ChannelRules.event(fields.event),
                        ChannelRules.key("key", fields.key),
                        data(fields.data),
                        ChannelRules.trace(fields.traceparent, fields.tracestate));
            case "authenticate" -> new Command.Authenticate(fields.id, token(fields.token));
            case "ping" -> new Command.Ping(fields.id);
            case "pong" -> new Command.Pong();
            case null, default ->
                throw new BadValueException(
                        "bad-type",
                        "type",
                        fields.type,
                        "subscribe, unsubscribe, publish, authenticate or ping, as {\"type\":\"ping\"}");
        };
    }

    private static String token(@Nullable String token) {
        if (token == null) {
            throw new BadValueException("bad-token", "token", null, "a string, as \"token\":\"eyJhbGciOi…\"");
        }
        return token;
    }

    private JsonValue data(@Nullable JsonValue data) {
        if (data == null) {
            throw new BadValueException("bad-data", "data", null, "any JSON, as \"data\":\"hello\"");
        }
        return ChannelRules.data(data, maxData);
    }

    /** The fields of a JSON object that commands have. */
    private static final class Fields {

        @Nullable
        String type;

        @Nullable
        String channel;

        @Nullable
        String from;

        @Nullable
        String mode;

        @Nullable
        String event;

        @Nullable
        String key;

        @Nullable
        String token;

        @Nullable
        String traceparent;

        @Nullable
        String tracestate;

        @Nullable
        JsonValue data;

        @Nullable
        JsonValue id;

        void read(JsonParser parser, String text) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notAnObject();
            }
            BadValueException wrong = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                try {
                    field(name, parser, text);
                } catch (BadValueException e) {
                    // Thrown when everything was read: the id may come last.
                    wrong = e;
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw notAnObject();
            }
            if (wrong != null) {
                throw wrong;
            }
        }

        private static BadValueException notAnObject() {
            return new BadValueException("bad-json", "command", null, "one JSON object, as {\"type\":\"ping\"}");
        }

        private void field(String name, JsonParser parser, String text) {
            switch (name) {
                case "type" -> type = string(name, parser);
                case "channel" -> channel = string(name, parser);
                case "from" -> from = string(name, parser);
                case "mode" -> mode = string(name, parser);
                case "event" -> event = string(name, parser);
                case "key" -> key = string(name, parser);
                case "token" -> token = string(name, parser);
                case TraceContext.TRACEPARENT -> traceparent = string(name, parser);
                case TraceContext.TRACESTATE -> tracestate = string(name, parser);
                case "data" -> data = value(parser, text);
                case "id" -> id = id(parser, text);
                default -> parser.skipChildren();
            }
        }

        /** JSON null counts as absent. */
        private static @Nullable String string(String name, JsonParser parser) {
            return switch (parser.currentToken()) {
                case VALUE_STRING -> parser.getString();
                case VALUE_NULL -> null;
                default -> throw new BadValueException("bad-" + name, name, null, "a string");
            };
        }

        private static @Nullable JsonValue id(JsonParser parser, String text) {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return null;
            }
            if (parser.currentToken() == JsonToken.VALUE_STRING
                    || parser.currentToken().isNumeric()) {
                JsonValue id = value(parser, text);
                if (id.length() <= MAX_ID) {
                    return id;
                }
            }
            throw new BadValueException(
                    "bad-id", "id", null, "a string or a number of at most " + MAX_ID + " bytes, as \"id\":7");
        }

        private static JsonValue value(JsonParser parser, String text) {
            int from = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            parser.finishToken();
            int to = (int) parser.currentLocation().getCharOffset();
            return JsonValue.slice(text, from, to);
        }
    }
}
