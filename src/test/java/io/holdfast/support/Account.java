// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one subscriber received of a channel over all its connections: each message in order,
 * or a gap. Confined to the subscriber's thread.
 */
public final class Account {

    private record Gap(Position after, Position to) {}

    private final Ledger ledger;
    private final String name;
    private final Map<Position, String> received = new HashMap<>();
    private final Set<String> textsOfEpochs = new HashSet<>();
    private final List<Gap> gaps = new ArrayList<>();
    private Position at;

    public Account(Ledger ledger, String name, Position start) {
        this.ledger = ledger;
        this.name = name;
        this.at = start;
        ledger.seen(start);
    }

    public Position at() {
        return at;
    }

    public void received(Position position, String text) {
        assertThat(position).as("%s after %s", name, at).isEqualTo(new Position(at.epoch(), at.offset() + 1));
        // A message that is repeated under its key is the same one, unless Redis was restarted.
        assertThat(textsOfEpochs.add(position.epoch() + " " + text))
                .as("%s gets '%s' at %s for the first time", name, text, position)
                .isTrue();
        received.put(position, text);
        at = position;
    }

    /** Redis keeps all here until it is started anew or flushed, so that nothing else may be told as one. */
    public void missed(Position to) {
        ledger.seen(to);
        assertThat(to.epoch()).as("epoch of %s's gap after %s", name, at).isNotEqualTo(at.epoch());
        gaps.add(new Gap(at, to));
        at = to;
    }

    public int messages() {
        return received.size();
    }

    public int gaps() {
        return gaps.size();
    }

    /** Checks that each acknowledged message was received or is covered by a gap. Returns the number of the latter. */
    public int settle() {
        int[] covered = {0};
        ledger.forEach((position, text) -> {
            String got = received.get(position);
            if (got == null) {
                assertThat(gaps)
                        .as("gap of %s over '%s' at %s, which it did not get", name, text, position)
                        .anyMatch(gap -> ledger.isBetween(gap.after(), position, gap.to()));
                covered[0]++;
            } else {
                assertThat(got).as("%s at %s", name, position).isEqualTo(text);
            }
        });
        return covered[0];
    }
}
