// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import io.holdfast.channel.TraceContext;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/**
 * A subscriber to one channel, on any of the ways there are, that knows at any time where it would have to go on. It
 * takes only what the server says about that, as any client would have to.
 */
public abstract sealed class ChannelPeer implements Closeable {

    /** How a subscriber listens. */
    public enum Way {
        SSE,
        NDJSON,
        WEBSOCKET,
        TCP,
        POLL;

        /** What this way makes of published JSON: events of a stream are text, in which all line breaks look the same. */
        public JsonNode carried(String json) {
            JsonNode data = JSON.readTree(json);
            if (this != SSE) {
                return data;
            }
            // Numbers stay as they were written. No string within an object here has a white space to lose.
            String text = data.isString() ? data.stringValue() : json.replaceAll("\\s", "");
            return StringNode.valueOf(text.replaceAll("\r\n|\r", "\n"));
        }
    }

    /** A message as it came. Over SSE its data is a string, whatever was published. */
    public record Received(
            String position,
            @Nullable String event,
            JsonNode data,
            @Nullable TraceContext trace) {

        /** One that belongs to no trace. */
        public Received(String position, @Nullable String event, JsonNode data) {
            this(position, event, data, null);
        }
    }

    /**
     * What to subscribe to.
     *
     * @param from a position or {@code earliest}; null for now
     * @param mode {@code all} or {@code latest}
     */
    public record Place(String channel, @Nullable String from, String mode) {

        public static Place now(String channel) {
            return new Place(channel, null, "all");
        }

        public static Place from(String channel, String from) {
            return new Place(channel, from, "all");
        }

        boolean isPosition() {
            return from != null && !from.equals("earliest");
        }
    }

    static final String EARLIEST = "earliest";

    private static final JsonMapper JSON = JsonMapper.shared();

    protected final Place place;
    private final Ports ports;
    private String position = "";
    private boolean resumed;
    private int gaps;
    private String gapAt = "";

    private ChannelPeer(Ports ports, Place place) {
        this.ports = ports;
        this.place = place;
    }

    /** Subscribes, and returns when the subscription stands. */
    public static ChannelPeer open(Way way, Ports ports, Place place) throws IOException {
        return switch (way) {
            case SSE -> new Sse(ports, place);
            case NDJSON -> new Ndjson(ports, place);
            case WEBSOCKET, TCP -> new Talking(JsonTalk.Way.valueOf(way.name()), ports, place);
            case POLL -> new Poll(ports, place);
        };
    }

    /** Subscribes anew, where this one stopped. */
    public ChannelPeer reopen(Way way) throws IOException {
        return open(way, ports, new Place(place.channel(), position, place.mode()));
    }

    protected void stands(String at, boolean didResume) {
        position = at;
        resumed = didResume;
    }

    protected void gapped(String at) {
        position = at;
        gapAt = at;
        gaps++;
    }

    protected Received received(Received message) {
        position = message.position();
        return message;
    }

    /** Whether the subscription went on where it was asked to. */
    public boolean resumed() {
        return resumed;
    }

    /** How often it was told, after the subscription stood, that something may be missing. */
    public int gaps() {
        return gaps;
    }

    /** Up to which position something may be missing, as it was told last. */
    public String gapAt() {
        return gapAt;
    }

    /** Where it would go on: a position or {@code earliest}. */
    public String position() {
        return position;
    }

    /**
     * The next message; gaps before it are counted.
     *
     * @throws EOFException if the server ended the subscription in good order
     */
    public abstract Received next() throws IOException;

    public List<Received> next(int count) throws IOException {
        List<Received> messages = new ArrayList<>();
        while (messages.size() < count) {
            messages.add(next());
        }
        return messages;
    }

    /** The socket that it now reads from. */
    public abstract TestSocket wire();

    /** Ends it with a reset, unless it has ended. */
    public void cut() throws IOException {
        try {
            wire().resetOnClose();
        } catch (SocketException e) {
            return;
        }
        wire().close();
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    /** Takes an event of the JSON protocol; null if it is not a message. */
    protected @Nullable Received take(JsonNode event) {
        return switch (event.path("type").asString("")) {
            case "message" -> received(message(event));
            case "gap" -> {
                gapped(event.path("position").asString(""));
                yield null;
            }
            default -> null;
        };
    }

    private static Received message(JsonNode event) {
        JsonNode name = event.get("event");
        return new Received(
                event.path("position").asString(""),
                name == null ? null : name.stringValue(),
                Objects.requireNonNull(event.get("data")),
                trace(text(event, TraceContext.TRACEPARENT), text(event, TraceContext.TRACESTATE)));
    }

    private static @Nullable String text(JsonNode event, String field) {
        JsonNode value = event.get(field);
        return value == null ? null : value.stringValue();
    }

    private static @Nullable TraceContext trace(@Nullable String parent, @Nullable String state) {
        return parent == null ? null : new TraceContext(parent, state);
    }

    /** Takes the answer to a subscription: its position is the head, not where a resumed one begins. */
    protected void takeSubscribed(JsonNode subscribed) throws IOException {
        if (!subscribed.path("type").asString("").equals("subscribed")) {
            throw new IOException("not subscribed: " + subscribed);
        }
        boolean asAsked = subscribed.path("resumed").asBoolean();
        String from = place.from();
        stands(asAsked && from != null ? from : subscribed.path("position").asString(""), asAsked);
    }

    private static TestSocket request(Ports ports, Place place, String accept) throws IOException {
        TestSocket wire = ports.connect();
        String from = place.from() == null ? "" : "&from=" + place.from();
        wire.send("GET /channels/" + place.channel() + "?heartbeat=none&mode=" + place.mode() + from
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: " + accept + "\r\n\r\n");
        return wire;
    }

    /** An event stream, read as its specification says. */
    static final class Sse extends ChannelPeer {

        private record Event(
                @Nullable String id,
                String type,
                String data,
                @Nullable TraceContext trace) {}

        private final TestSocket wire;
        private final HttpStreamBody body;

        Sse(Ports ports, Place place) throws IOException {
            super(ports, place);
            wire = request(ports, place, "text/event-stream");
            body = new HttpStreamBody(wire);
            Event welcome = event();
            String at = Objects.requireNonNull(welcome.id());
            if (!welcome.type().equals("welcome")) {
                throw new IOException("no welcome but " + welcome);
            }
            boolean asAsked = !place.isPosition() || at.equals(place.from());
            if (!asAsked && !event().type().equals("gap")) {
                throw new IOException("begins at " + at + " without a gap");
            }
            stands(at, asAsked);
        }

        private Event event() throws IOException {
            String id = null;
            String type = "message";
            String parent = null;
            String state = null;
            List<String> data = new ArrayList<>();
            while (true) {
                String line = body.line();
                if (line.isEmpty() && !data.isEmpty()) {
                    return new Event(id, type, String.join("\n", data), trace(parent, state));
                }
                int colon = line.indexOf(':');
                String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
                switch (colon < 0 ? line : line.substring(0, colon)) {
                    case "id" -> id = value;
                    case "event" -> type = value;
                    case "data" -> data.add(value);
                    case TraceContext.TRACEPARENT -> parent = value;
                    case TraceContext.TRACESTATE -> state = value;
                    default -> {}
                }
            }
        }

        @Override
        public Received next() throws IOException {
            while (true) {
                Event event = event();
                if (event.type().equals("gap")) {
                    gapped(Objects.requireNonNull(event.id()));
                } else if (!event.type().equals("goodbye")) {
                    return received(new Received(
                            Objects.requireNonNull(event.id()),
                            event.type().equals("message") ? null : event.type(),
                            StringNode.valueOf(event.data()),
                            event.trace()));
                }
            }
        }

        @Override
        public TestSocket wire() {
            return wire;
        }
    }

    /** A stream of JSON lines. */
    static final class Ndjson extends ChannelPeer {

        private final TestSocket wire;
        private final HttpStreamBody body;

        Ndjson(Ports ports, Place place) throws IOException {
            super(ports, place);
            wire = request(ports, place, "application/x-ndjson");
            body = new HttpStreamBody(wire);
            body.line();
            takeSubscribed(JSON.readTree(body.line()));
        }

        @Override
        public Received next() throws IOException {
            while (true) {
                String line = body.line();
                Received message = line.isEmpty() ? null : take(JSON.readTree(line));
                if (message != null) {
                    return message;
                }
            }
        }

        @Override
        public TestSocket wire() {
            return wire;
        }
    }

    /** A subscription on a connection of its own that speaks the JSON protocol. */
    static final class Talking extends ChannelPeer {

        private final JsonTalk talk;

        Talking(JsonTalk.Way way, Ports ports, Place place) throws IOException {
            super(ports, place);
            talk = JsonTalk.open(way, ports);
            String from = place.from() == null ? "" : ",\"from\":\"" + place.from() + "\"";
            talk.say("{\"type\":\"subscribe\",\"channel\":\"" + place.channel() + "\",\"mode\":\""
                    + place.mode().toLowerCase(Locale.ROOT) + "\"" + from + "}");
            takeSubscribed(talk.hear());
        }

        @Override
        public Received next() throws IOException {
            while (true) {
                Received message = take(talk.hear());
                if (message != null) {
                    return message;
                }
            }
        }

        @Override
        public TestSocket wire() {
            return talk.wire();
        }
    }

    /** One question after the other on a connection of its own. */
    static final class Poll extends ChannelPeer {

        private static final Duration WAIT = Duration.ofSeconds(1);
        private static final int LIMIT = 50;
        private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

        private final TestSocket wire;
        private final Deque<Received> waiting = new ArrayDeque<>();

        Poll(Ports ports, Place place) throws IOException {
            super(ports, place);
            wire = ports.connect();
            JsonNode answer = ask(place.from() == null ? "" : "&after=" + place.from());
            boolean asAsked = answer.path("resumed").asBoolean();
            String from = place.from();
            boolean more = !waiting.isEmpty();
            stands(
                    asAsked && more && from != null
                            ? from
                            : answer.path("position").asString(""),
                    asAsked);
        }

        private JsonNode ask(String query) throws IOException {
            wire.send("GET /channels/" + place.channel() + "/messages?limit=" + LIMIT + query
                    + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            PlainRequest.Answer answer = PlainRequest.read(wire);
            if (answer.status() != 200) {
                throw new IOException(answer.toString());
            }
            answer.json().path("messages").forEach(event -> waiting.add(message(event)));
            return answer.json();
        }

        @Override
        public Received next() throws IOException {
            long start = System.nanoTime();
            while (waiting.isEmpty()) {
                if (System.nanoTime() - start > PATIENCE) {
                    throw new IOException("nothing after " + position());
                }
                JsonNode answer = ask("&after=" + position() + "&wait=" + WAIT.toMillis() + "ms");
                if (!answer.path("resumed").asBoolean()) {
                    gapped(answer.path("position").asString(""));
                } else if (waiting.isEmpty()) {
                    stands(answer.path("position").asString(""), resumed());
                }
            }
            return received(waiting.remove());
        }

        @Override
        public TestSocket wire() {
            return wire;
        }
    }
}
