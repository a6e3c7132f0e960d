// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a principal may do.
 *
 * @param subscribe channels that it may subscribe to, and whose history it may read
 * @param publish channels that it may publish to
 */
public record Permissions(List<ChannelPattern> subscribe, List<ChannelPattern> publish, Set<Role> roles) {

    /** Patterns in one list. */
    static final int MOST_PATTERNS = 256;

    /** Patterns in an answer. */
    private static final int MOST_SHOWN = 10;

    /** No permission at all. */
    static final Permissions NONE = new Permissions(List.of(), List.of(), Set.of());

    /** All permissions. */
    static final Permissions ALL = new Permissions(
            List.of(ChannelPattern.of("subscribe", "**")),
            List.of(ChannelPattern.of("publish", "**")),
            Set.of(Role.values()));

    public Permissions {
        subscribe = List.copyOf(subscribe);
        publish = List.copyOf(publish);
        roles = Set.copyOf(roles);
        requireFew("subscribe", subscribe);
        requireFew("publish", publish);
    }

    private static void requireFew(String field, Collection<?> patterns) {
        if (patterns.size() > MOST_PATTERNS) {
            throw new BadPermissionException(
                    field, patterns.size() + " patterns", "at most " + MOST_PATTERNS + " patterns, as news.**");
        }
    }

    boolean allow(Action action, String channel, String subject) {
        return switch (action) {
            case SUBSCRIBE -> anyMatches(subscribe, channel, subject);
            case PUBLISH -> anyMatches(publish, channel, subject);
            case TEST, OBSERVE, OPERATE, AUTHENTICATE -> roles.stream().anyMatch(role -> role.allows(action));
        };
    }

    private static boolean anyMatches(List<ChannelPattern> patterns, String channel, String subject) {
        for (ChannelPattern pattern : patterns) {
            if (pattern.matches(channel, subject)) {
                return true;
            }
        }
        return false;
    }

    boolean isNone() {
        return subscribe.isEmpty() && publish.isEmpty() && roles.isEmpty();
    }

    /** As {@link #shown}, in words. */
    String words() {
        return shown().entrySet().stream()
                .map(each -> each.getKey() + " " + (each.getValue() instanceof List<?> list ? words(list) : ""))
                .collect(Collectors.joining("; "));
    }

    private static String words(List<?> values) {
        return values.isEmpty()
                ? "nothing"
                : values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /** As {@link #claim}, but short enough for an answer. */
    public Map<String, Object> shown() {
        return shownWith(NONE);
    }

    /** As {@link #shown}, with what others may do. */
    Map<String, Object> shownWith(Permissions others) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("subscribe", shown(subscribe, others.subscribe));
        shown.put("publish", shown(publish, others.publish));
        shown.put("role", roles(others));
        return shown;
    }

    private List<String> roles(Permissions others) {
        return Stream.concat(roles.stream(), others.roles.stream())
                .map(Role::tag)
                .distinct()
                .sorted()
                .toList();
    }

    private static List<String> shown(List<ChannelPattern> some, List<ChannelPattern> others) {
        List<String> all = Stream.concat(some.stream(), others.stream())
                .map(ChannelPattern::toString)
                .distinct()
                .toList();
        return all.size() <= MOST_SHOWN
                ? all
                : Stream.concat(all.stream().limit(MOST_SHOWN), Stream.of("and " + (all.size() - MOST_SHOWN) + " more"))
                        .toList();
    }

    /** As a claim of a token has it. */
    Map<String, Object> claim() {
        Map<String, Object> claim = new LinkedHashMap<>();
        put(claim, "subscribe", subscribe);
        put(claim, "publish", publish);
        put(claim, "role", roles.stream().map(Role::tag).sorted().toList());
        return claim;
    }

    private static void put(Map<String, Object> claim, String name, Collection<?> values) {
        if (!values.isEmpty()) {
            claim.put(name, values.stream().map(Object::toString).toList());
        }
    }
}
