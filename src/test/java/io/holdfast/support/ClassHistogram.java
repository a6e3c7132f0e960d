// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The instances of each class that a full collection left in a JVM.
 *
 * @param instances by the name of the class
 * @param bytes of all instances of all classes
 */
public record ClassHistogram(Map<String, Long> instances, long bytes) {

    /** Number, instances, bytes and name, as in {@code 12:  340  5440  java.lang.Object (java.base@25)}. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)");

    /** Reads what the JVM printed, for this or for another process. */
    public static ClassHistogram parse(String printed) {
        Map<String, Long> instances = new HashMap<>();
        ROW.matcher(printed)
                .results()
                .forEach(row -> instances.merge(row.group(3), Long.valueOf(row.group(1)), Long::sum));
        long bytes = ROW.matcher(printed)
                .results()
                .mapToLong(row -> Long.parseLong(row.group(2)))
                .sum();
        return new ClassHistogram(instances, bytes);
    }

    /** That of this JVM, after a full collection. */
    public static ClassHistogram ofThisProcess() throws JMException {
        return parse((String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()}));
    }

    public long count(String name) {
        return instances.getOrDefault(name, 0L);
    }

    /** The classes of the service that have at least {@code more} instances more than {@code before}. */
    public Set<String> grownSince(ClassHistogram before, int more) {
        return instances.keySet().stream()
                .filter(name -> name.startsWith("io.holdfast.") && !name.startsWith("io.holdfast.support."))
                .filter(name -> count(name) - before.count(name) >= more)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
