// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of groups of channels.
 *
 * @param channels by a name of your choice
 */
@ConfigurationProperties("holdfast")
record ChannelAccessProperties(@DefaultValue Map<String, Group> channels) {

    private static final String PREFIX = "holdfast.channels.";

    ChannelAccessProperties {
        channels = Map.copyOf(new LinkedHashMap<>(channels));
        channels.forEach((name, group) -> {
            group.anonymous()
                    .forEach(tag -> AccessProperties.checked(
                            PREFIX + name + ".anonymous", tag, "subscribe", () -> Action.ofChannel(tag)));
            AccessProperties.patterns(PREFIX + name + ".pattern", List.of(group.pattern()));
        });
    }

    /**
     * The channels whose names a pattern matches.
     *
     * @param pattern as {@code news.**}
     * @param anonymous what everybody may do with them, without a token: subscribe or publish, or both. Default: nothing
     */
    record Group(
            @DefaultValue("") String pattern, @DefaultValue List<String> anonymous) {}

    /** The patterns of the channels with which everybody may do {@code action}. */
    List<ChannelPattern> open(Action action) {
        return channels.values().stream()
                .filter(group -> group.anonymous().contains(action.tag()))
                .map(group -> ChannelPattern.of("pattern", group.pattern()))
                .toList();
    }
}
