// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

/** A property with a value that is accepted. */
public record Example(String property, String value) {

    /** As the command line and property files write it. */
    @Override
    public String toString() {
        return property + "=" + value;
    }
}
