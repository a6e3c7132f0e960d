// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/**
 * Publishes to a channel, or subscribes to it and resumes after each disconnect. Needs a JDK (17 or later) only: messages
 * come as server-sent events, which can be read without a JSON library.
 *
 * <pre>
 * java Example.java subscribe http://localhost:8080 news [position]
 * java Example.java publish http://localhost:8080 news '{"price":7}'
 * </pre>
 */
class Example {

    /** Seconds after which a connection counts as dead. The service sends a heartbeat every 25 s. */
    private static final int SILENCE = 60;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService reading = Executors.newCachedThreadPool();
    private final URI channel;
    private String position = "";
    private int failures;

    private Example(String service, String channel) {
        this.channel = URI.create(service + "/channels/" + channel);
    }

    /** The service would refuse the request again, or has closed the connection for good. */
    private static final class Final extends Exception {

        Final(String reason) {
            super(reason);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        Example example = new Example(arguments[1], arguments[2]);
        try {
            if (arguments[0].equals("publish")) {
                System.out.println(example.publish(arguments[3]));
                System.exit(0);
            }
            example.position = arguments.length > 3 ? arguments[3] : "";
            example.subscribe((position, data) -> System.out.println(position + " " + data));
        } catch (Final reason) {
            System.err.println(reason.getMessage());
            System.exit(1);
        }
    }

    /** Hands on the position and data of every message, once and in order, whatever happens to the connection. */
    private void subscribe(BiConsumer<String, String> handle) throws Final, InterruptedException {
        while (true) {
            try {
                follow(handle);
            } catch (IOException | ExecutionException | TimeoutException broken) {
                // Resumes below.
            }
            pause();
        }
    }

    /** Reads one connection to its end. */
    private void follow(BiConsumer<String, String> handle)
            throws Final, IOException, InterruptedException, ExecutionException, TimeoutException {
        String from = position.isEmpty() ? "" : "?from=" + URLEncoder.encode(position, StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create(channel + from))
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofSeconds(SILENCE))
                .build();
        try (InputStream body = send(request)) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            String name = "";
            String id = "";
            StringBuilder data = new StringBuilder();
            String line;
            while ((line = reading.submit(lines::readLine).get(SILENCE, TimeUnit.SECONDS)) != null) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring(6)).append('\n');
                } else if (line.isEmpty() && !data.isEmpty()) {
                    take(name, id, data.substring(0, data.length() - 1), handle);
                    name = "";
                    data.setLength(0);
                }
            }
        }
    }

    /** An event is complete: only now its position counts. */
    private void take(String name, String id, String data, BiConsumer<String, String> handle) throws Final {
        switch (name) {
            case "welcome" -> failures = 0;
            case "gap" -> System.err.println("Messages were lost");
            case "goodbye" -> {
                if (!data.contains("\"draining\"")) {
                    throw new Final("The service closed the connection: " + data);
                }
                return;
            }
            case "expiring", "unsubscribed" -> {
                return;
            }
            default -> handle.accept(id, data);
        }
        position = id;
    }

    /** Returns the position. Repeats the request until it is answered; the key keeps the service from accepting it twice. */
    private String publish(String data) throws Final, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(channel)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(data))
                .build();
        while (true) {
            try (InputStream body = send(request)) {
                String answer = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                return answer.replaceFirst(".*\"position\":\"([^\"]+)\".*", "$1");
            } catch (IOException broken) {
                pause();
            }
        }
    }

    /** The same request would be refused again, unless it was one too many or the service has a problem. */
    private InputStream send(HttpRequest request) throws Final, IOException, InterruptedException {
        HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
        int status = answer.statusCode();
        if (status < 300) {
            return answer.body();
        }
        String problem = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
        if (status >= 500 || status == 429) {
            throw new IOException(problem);
        }
        throw new Final(problem);
    }

    /** Waits for a random time, so that the clients of a restarted service do not all return at once. */
    private void pause() throws InterruptedException {
        long limit = failures < 5 ? 500L << failures : 10_000;
        failures++;
        Thread.sleep(ThreadLocalRandom.current().nextLong(limit));
    }
}
