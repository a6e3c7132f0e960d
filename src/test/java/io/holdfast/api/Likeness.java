// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/** Whether a service answers as an example does. What it has besides does not matter here: the schema says whether it may. */
final class Likeness {

    private Likeness() {}

    /**
     * Everything in the example is there, as a value of the same type; truth values are the same. A list has one like each of the example's.
     *
     * @param exact whether texts and numbers are the same, too
     */
    static void assertLike(JsonNode actual, JsonNode example, boolean exact, String what) {
        assertThat(type(actual)).as(what + ": type of " + actual).isEqualTo(type(example));
        if (example.isObject()) {
            example.forEachEntry((name, value) -> {
                assertThat(actual.has(name))
                        .as(what + ": " + name + " in " + actual)
                        .isTrue();
                assertLike(actual.get(name), value, exact, what + "." + name);
            });
        } else if (example.isArray()) {
            for (JsonNode element : example) {
                assertThat(actual).as(what).anySatisfy(one -> assertLike(one, element, exact, what + "[]"));
            }
        } else if (exact || example.isBoolean()) {
            assertThat(actual).as(what).isEqualTo(example);
        }
    }

    private static String type(JsonNode node) {
        return node.getNodeType().name();
    }
}
