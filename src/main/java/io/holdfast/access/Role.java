// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.Locale;

/** What a principal may do with the service, beside its channels. */
public enum Role {
    OBSERVER,
    OPERATOR,
    TESTER;

    /** The names of all roles, in words. */
    static final String VALID = "observer, operator or tester";

    boolean allows(Action action) {
        return switch (action) {
            case OBSERVE -> this == OBSERVER || this == OPERATOR;
            case OPERATE -> this == OPERATOR;
            case TEST -> this == TESTER;
            case SUBSCRIBE, PUBLISH, AUTHENTICATE -> false;
        };
    }

    /** Its name in tokens and settings. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role of a name.
     *
     * @throws BadPermissionException if no role has it
     */
    public static Role of(String tag) {
        for (Role role : values()) {
            if (role.tag().equals(tag)) {
                return role;
            }
        }
        throw new BadPermissionException("role", tag, VALID + ", as operator");
    }
}
