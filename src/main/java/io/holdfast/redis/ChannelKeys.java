// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

/**
 * The Redis keys of a channel. The channel's name is the hash tag: in a cluster, all keys of a channel are on one node,
 * and channels are distributed over the nodes.
 *
 * @param live the pub/sub channel of its messages
 */
record ChannelKeys(String meta, String log, String repeats, String live) {

    private static final String LIVE = ":live";

    static ChannelKeys of(String prefix, String channel) {
        String start = prefix + "{" + channel + "}";
        return new ChannelKeys(start + ":meta", start + ":log", start + ":keys", start + LIVE);
    }

    /** The channel that {@link #live} belongs to. */
    static String channel(String prefix, String live) {
        return live.substring(prefix.length() + 1, live.length() - LIVE.length() - 1);
    }

    /** In the order that the scripts expect. */
    String[] forScripts() {
        return new String[] {meta, log, repeats};
    }
}
