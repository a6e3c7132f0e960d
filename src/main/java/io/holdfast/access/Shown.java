// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

/** What a peer sent, as it may be shown on a terminal or in a log. */
final class Shown {

    private static final int MOST = 100;

    private Shown() {}

    static String text(String sent) {
        String plain = sent.replaceAll("\\p{Cntrl}|\\p{Cf}", "?");
        return plain.length() <= MOST ? plain : plain.substring(0, MOST) + "…";
    }
}
