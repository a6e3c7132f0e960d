// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

/** Makes text of a peer safe to print on a terminal. */
public final class Printable {

    private static final int LONGEST = 80;

    private Printable() {}

    /** At most 80 characters of {@code foreign}, with a question mark for each control character. */
    public static String text(String foreign) {
        return text(foreign, LONGEST);
    }

    /** As {@link #text(String)}, with at most {@code longest} characters. */
    static String text(String foreign, int longest) {
        String plain = foreign.replaceAll("\\p{Cntrl}|\\p{Cf}", "?");
        return plain.length() > longest ? plain.substring(0, longest) + "…" : plain;
    }
}
