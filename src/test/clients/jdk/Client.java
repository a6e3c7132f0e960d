// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JDK's HTTP client, with event streams or its WebSocket, and no library. */
class Client {

    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private static final BufferedReader IN =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> seen = new HashSet<>();
    private final String port;
    private final String channel;
    private String position = "";

    private Client(String port, String channel) {
        this.port = port;
        this.channel = channel;
    }

    /** A connection that is subscribed to the channel, or about to be. */
    private interface Subscription extends AutoCloseable {

        /** The next event, as JSON. */
        String next() throws Exception;

        void publish(String data) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Client client = new Client(arguments[1], arguments[4]);
        client.run(arguments[0].equals("websocket"));
        // The HTTP client's threads would keep the process.
        System.exit(0);
    }

    private void run(boolean webSocket) throws Exception {
        String text = IN.readLine();
        String answer = webSocket ? new Socket("/echo", "first", "second").echo(text) : echo(text);
        print("{\"type\":\"echoed\",\"data\":\"" + answer + "\"}");

        String data = IN.readLine();
        try (Subscription subscription = webSocket ? new Socket("/channels", "holdfast.v1") : new EventStream()) {
            readUntil(subscription, "subscribed");
            subscription.publish(data);
            readUntil(subscription, "published", "message");
        }
        print("{\"type\":\"left\"}");

        IN.readLine();
        try (Subscription subscription = webSocket ? new Socket("/channels", "holdfast.v1") : new EventStream()) {
            readUntil(subscription, "last");
        }
    }

    private void readUntil(Subscription subscription, String... types) throws Exception {
        while (!seen.containsAll(Set.of(types))) {
            print(subscription.next());
        }
    }

    /** Prints an event, and keeps what the scenario has to know of it. */
    private void print(String event) {
        OUT.println(event);
        String type = find("\"type\":\"([a-z]+)\"", event);
        seen.add(type);
        if (type.equals("message")) {
            position = find("\"position\":\"([^\"]+)\"", event);
            if (event.contains("\"last\":true")) {
                seen.add("last");
            }
        }
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private String echo(String text) throws IOException, InterruptedException {
        HttpRequest request =
                request("/echo").POST(BodyPublishers.ofString(text)).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    /** Server-sent events. */
    private final class EventStream implements Subscription {

        private final Stream<String> body;
        private final Iterator<String> lines;

        EventStream() throws IOException, InterruptedException {
            HttpRequest.Builder request = request("/channels/" + channel).header("Accept", "text/event-stream");
            if (!position.isEmpty()) {
                request.header("Last-Event-ID", position);
            }
            HttpResponse<Stream<String>> answer = http.send(request.build(), BodyHandlers.ofLines());
            if (answer.statusCode() != 200) {
                throw new IOException("The stream was answered with " + answer.statusCode());
            }
            body = answer.body();
            lines = body.iterator();
        }

        @Override
        public String next() {
            String type = "message";
            String id = "";
            String data = "";
            while (true) {
                String line = lines.next();
                if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !data.isEmpty()) {
                    return "{\"type\":\"" + (type.equals("welcome") ? "subscribed" : type) + "\",\"position\":\"" + id
                            + "\",\"data\":" + data + "}";
                }
            }
        }

        @Override
        public void publish(String data) throws IOException, InterruptedException {
            HttpRequest request = request("/channels/" + channel)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(data))
                    .build();
            String answer = http.send(request, BodyHandlers.ofString()).body();
            print("{\"type\":\"published\"," + answer.substring(1));
        }

        @Override
        public void close() {
            body.close();
        }
    }

    /** Whole text messages. */
    private final class Socket implements Subscription, WebSocket.Listener {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder parts = new StringBuilder();
        private final WebSocket webSocket;

        /** The service has to select the first of the subprotocols. */
        Socket(String path, String subprotocol, String... others) {
            webSocket = http.newWebSocketBuilder()
                    .subprotocols(subprotocol, others)
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + path), this)
                    .join();
            if (!webSocket.getSubprotocol().equals(subprotocol)) {
                throw new IllegalStateException("not the subprotocol: " + webSocket.getSubprotocol());
            }
            if (path.equals("/channels")) {
                String from = position.isEmpty() ? "" : ",\"from\":\"" + position + "\"";
                send("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"" + from + "}");
            }
        }

        private void send(String text) {
            webSocket.sendText(text, true).join();
        }

        String echo(String text) throws InterruptedException {
            send(text);
            String answer = next();
            close();
            return answer;
        }

        @Override
        public String next() throws InterruptedException {
            return messages.take();
        }

        @Override
        public void publish(String data) {
            send("{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"data\":" + data + "}");
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                messages.add(parts.toString());
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            messages.add("{\"type\":\"closed\",\"code\":" + code + "}");
            return null;
        }

        @Override
        public void close() throws InterruptedException {
            webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            while (!next().contains("\"closed\"")) {
                // What was sent before the service's close frame.
            }
        }
    }
}
