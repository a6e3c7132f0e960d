// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {

    private static List<ChannelPattern> patterns(String... texts) {
        return List.of(texts).stream()
                .map(text -> ChannelPattern.of("subscribe", text))
                .toList();
    }

    private static Principal principal(Permissions permissions) {
        return Principal.ofToken("alice", permissions, null, null);
    }

    @Test
    void channelsAreAllowedForEachActionByItself() {
        Principal alice =
                principal(new Permissions(patterns("news.**", "user.{sub}.*"), patterns("chat.{sub}"), Set.of()));

        assertThat(alice.may(Action.SUBSCRIBE, "news.sport")).isTrue();
        assertThat(alice.may(Action.SUBSCRIBE, "user.alice.inbox")).isTrue();
        assertThat(alice.may(Action.SUBSCRIBE, "chat.alice")).isFalse();
        assertThat(alice.may(Action.PUBLISH, "chat.alice")).isTrue();
        assertThat(alice.may(Action.PUBLISH, "chat.bob")).isFalse();
        assertThat(alice.may(Action.PUBLISH, "news.sport")).isFalse();
    }

    @Test
    void nothingIsAllowedThatIsNotNamed() {
        Principal nobody = principal(new Permissions(List.of(), List.of(), Set.of()));

        for (Action action : Action.values()) {
            assertThat(nobody.may(action, "news")).isFalse();
            assertThat(nobody.may(action)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OBSERVER, OBSERVE, true",
        "OBSERVER, OPERATE, false",
        "OBSERVER, TEST, false",
        "OPERATOR, OBSERVE, true",
        "OPERATOR, OPERATE, true",
        "OPERATOR, TEST, false",
        "TESTER, TEST, true",
        "TESTER, OBSERVE, false",
        "TESTER, OPERATE, false"
    })
    void rolesAllowWhatTheyAreFor(Role role, Action action, boolean allowed) {
        Principal principal = principal(new Permissions(List.of(), List.of(), Set.of(role)));

        assertThat(principal.may(action)).isEqualTo(allowed);
        assertThat(principal.may(Action.SUBSCRIBE, "news")).isFalse();
        assertThat(principal.may(Action.PUBLISH, "news")).isFalse();
    }

    @Test
    void moreThan256PatternsAreRefused() {
        List<ChannelPattern> most = Collections.nCopies(256, patterns("news").getFirst());

        assertThat(principal(new Permissions(most, most, Set.of())).may(Action.SUBSCRIBE, "news"))
                .isTrue();
        List<ChannelPattern> more = Collections.nCopies(257, most.getFirst());
        assertThatThrownBy(() -> new Permissions(List.of(), more, Set.of()))
                .isInstanceOf(BadPermissionException.class)
                .hasMessage("publish: '257 patterns' can't be used. Valid: at most 256 patterns, as news.**.");
    }

    @Test
    void unknownRoleIsRefusedWithThoseThatExist() {
        assertThatThrownBy(() -> Role.of("admin"))
                .hasMessage("role: 'admin' can't be used. Valid: observer, operator or tester, as operator.");
        assertThat(Role.of("operator")).isEqualTo(Role.OPERATOR);
    }
}
