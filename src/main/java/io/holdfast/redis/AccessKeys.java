// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The Redis keys of what nodes share about access. In a cluster, the hash tag puts revocations and their announcements
 * on one node. No channel has such keys.
 */
record AccessKeys(String prefix) {

    /** The hash of all revocations. */
    String revocations() {
        return prefix + "access:{revocations}";
    }

    /** The pub/sub channel of what all nodes have to do. */
    String announced() {
        return revocations() + ":announced";
    }

    /** Who can list the keys can't use the ticket. */
    String ticket(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return prefix + "access:ticket:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
