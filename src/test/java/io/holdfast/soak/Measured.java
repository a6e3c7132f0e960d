// SPDX-License-Identifier: Apache-2.0
package io.holdfast.soak;

import io.holdfast.support.ClassHistogram;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the process of the service uses, by its own metrics and by {@code jcmd}. */
record Measured(ServiceProcess service) {

    /** Bytes of all objects that a full collection leaves. What arises after it does not count. */
    long liveHeap() throws IOException, InterruptedException {
        return histogram().bytes();
    }

    /** Open file descriptors, as the kernel lists them. */
    long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(service.pid()), "fd"))) {
            return files.count();
        }
    }

    long threads() throws IOException {
        return metric("jvm.threads.live");
    }

    /** How many connections it lists. */
    int connections() throws IOException {
        return PlainRequest.get(service.http(), "/actuator/connections?size=1")
                .json()
                .path("total")
                .asInt();
    }

    int subscribers(String channel) throws IOException {
        return PlainRequest.get(service.http(), "/actuator/channels/" + channel)
                .json()
                .path("subscribers")
                .asInt();
    }

    /** It does a full collection first. */
    ClassHistogram histogram() throws IOException, InterruptedException {
        return service.histogram();
    }

    private long metric(String name) throws IOException {
        return (long) service.metric(name);
    }
}
