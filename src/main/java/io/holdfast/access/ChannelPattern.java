// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern for names of channels, which are split at their dots: {@code *} stands for one part, {@code **} for any number of
 * parts, none included, and {@code {sub}} for the part that is the principal's name.
 */
public final class ChannelPattern {

    private static final int MAX_LENGTH = 256;

    private static final String ONE = "*";
    private static final String ANY = "**";
    private static final String SUBJECT = "{sub}";

    private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9_~-]*");

    private final List<String> parts;

    private ChannelPattern(List<String> parts) {
        this.parts = parts;
    }

    /**
     * Reads a pattern.
     *
     * @param field where it stands, as {@code subscribe}
     * @throws BadPermissionException if it is none
     */
    public static ChannelPattern of(String field, String text) {
        List<String> parts = parts(text);
        if (text.isEmpty() || text.length() > MAX_LENGTH || !parts.stream().allMatch(ChannelPattern::isValid)) {
            throw new BadPermissionException(
                    field,
                    text,
                    "at most " + MAX_LENGTH
                            + " characters: parts between dots, each of which is *, **, {sub}, or letters, digits, hyphens,"
                            + " underscores and tildes, as news.**");
        }
        return new ChannelPattern(parts);
    }

    private static List<String> parts(String text) {
        return List.copyOf(Arrays.asList(text.split("\\.", -1)));
    }

    private static boolean isValid(String part) {
        return part.equals(ONE)
                || part.equals(ANY)
                || part.equals(SUBJECT)
                || LITERAL.matcher(part).matches();
    }

    /**
     * Whether it matches {@code channel}, in time proportional to the product of the lengths.
     *
     * @param subject the principal's name. A name with a dot is no part of a channel's name, and matches none
     */
    boolean matches(String channel, String subject) {
        if (parts.size() == 1 && parts.getFirst().equals(ANY)) {
            return true;
        }
        List<String> names = parts(channel);
        int part = 0;
        int name = 0;
        // Where to go on when what follows the last ** does not match: that ** takes one name more.
        int afterAny = -1;
        int takenByAny = 0;
        while (name < names.size()) {
            if (part < parts.size() && parts.get(part).equals(ANY)) {
                part++;
                afterAny = part;
                takenByAny = name;
            } else if (part < parts.size() && matches(parts.get(part), names.get(name), subject)) {
                part++;
                name++;
            } else if (afterAny >= 0) {
                part = afterAny;
                takenByAny++;
                name = takenByAny;
            } else {
                return false;
            }
        }
        while (part < parts.size() && parts.get(part).equals(ANY)) {
            part++;
        }
        return part == parts.size();
    }

    private static boolean matches(String part, String name, String subject) {
        return switch (part) {
            case ONE -> true;
            case SUBJECT -> name.equals(subject);
            default -> part.equals(name);
        };
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
