// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTest {

    private static Node node(@Nullable String name) {
        return new Node(new NodeProperties(name));
    }

    @Test
    void idsCarryTheNodesName() {
        assertThat(node("web-1").idOf(1)).isEqualTo("c-web-1-1");
        assertThat(node("web-1").idOf(0xabc)).isEqualTo("c-web-1-abc");
    }

    @Test
    void nodeWithoutANameTakesAShortOneThatOthersHardlyHave() {
        long different = IntStream.range(0, 20)
                .mapToObj(i -> node(null).name())
                .peek(name -> assertThat(name).matches("[0-9a-hjkmnp-tv-z]{4}"))
                .distinct()
                .count();

        // Of a million, two of twenty are the same once in five thousand times.
        assertThat(different).isGreaterThanOrEqualTo(19);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "web-1", "Rack_7", "01234567890123456789012345678901"})
    void namesOfLettersDigitsHyphensAndUnderscoresAreTaken(String name) {
        assertThat(node(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "web 1", "web.1", "a/b", "n\u00f6rd", "012345678901234567890123456789012", "a\n"})
    void otherNamesAreRefusedWithAValidOne(String name) {
        assertThatThrownBy(() -> node(name))
                .hasMessageContaining("holdfast.node")
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining("valid: web-1");
    }
}
