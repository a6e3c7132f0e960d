package io.holdfast.redis;

/**
 * What belongs to a channel in Redis. The channel's name is the hash tag, so that in a cluster all of it lives on the
 * same node, and the channels spread over the nodes.
 *
 * @param live where its messages are announced
 */
record Keys(String meta, String log, String repeats, String live) {

    private static final String LIVE = ":live";

    static Keys of(String prefix, String channel) {
        String start = prefix + "{" + channel + "}";
        return new Keys(start + ":meta", start + ":log", start + ":keys", start + LIVE);
    }

    /** The channel that {@link #live} belongs to. */
    static String channel(String prefix, String live) {
        return live.substring(prefix.length() + 1, live.length() - LIVE.length() - 1);
    }

    /** As the scripts take them. */
    String[] forScripts() {
        return new String[] {meta, log, repeats};
    }
}
