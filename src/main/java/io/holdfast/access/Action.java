// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.Locale;

/** What a permission is needed for. */
public enum Action {
    /** Subscribe to a channel, or read its history. */
    SUBSCRIBE("subscribe to"),
    /** Publish to a channel. */
    PUBLISH("publish to"),
    /** Ask for a fault that holds resources of the service. */
    TEST("ask for a fault that holds resources of the service"),
    /** List connections and channels, and read metrics. */
    OBSERVE("list connections and channels, and read metrics and health details"),
    /** Close connections of others. */
    OPERATE("close connections and revoke tokens"),
    /** Show who one is. Needs no permission. */
    AUTHENTICATE("use this token");

    private final String words;

    Action(String words) {
        this.words = words;
    }

    /** Its name in settings, problems and meters. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What follows "may not" in a sentence; with a channel where there is one. */
    String words() {
        return words;
    }

    /**
     * What can be done with a channel.
     *
     * @throws BadPermissionException if it is nothing of that kind
     */
    static Action ofChannel(String tag) {
        return switch (tag) {
            case "subscribe" -> SUBSCRIBE;
            case "publish" -> PUBLISH;
            default -> throw new BadPermissionException("anonymous", tag, "subscribe or publish, as subscribe");
        };
    }
}
