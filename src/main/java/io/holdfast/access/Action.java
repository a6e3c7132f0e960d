package io.holdfast.access;

/** What a permission is needed for. */
public enum Action {
    /** Subscribe to a channel, or read its history. */
    SUBSCRIBE,
    /** Publish to a channel. */
    PUBLISH,
    /** Ask for a fault that holds resources of the service. */
    TEST,
    /** List connections and channels, and read metrics. */
    OBSERVE,
    /** Close connections of others. */
    OPERATE
}
