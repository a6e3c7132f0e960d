// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class SettingTest {

    private final Setting setting = new Setting("holdfast.some.setting", "7");

    @Test
    void aBadNumberIsNamedWithItsBoundsAndAnExample() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.number(-1, 0, 65_535))
                .withMessage("holdfast.some.setting: '-1' is not a number from 0 to 65535; valid: 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.number(null, 0, Integer.MAX_VALUE))
                .withMessage("holdfast.some.setting: not set; it has to be a number from 0; valid: 7");
    }

    @Test
    void aBadDurationIsNamedInTheUnitsOfSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.duration(Duration.ofDays(2), Duration.ofMillis(100), Duration.ofDays(1)))
                .withMessage("holdfast.some.setting: '2d' is not a duration from 100ms to 1d; valid: 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.duration(Duration.ofNanos(1_500), Duration.ofMillis(1), Duration.ofDays(1)))
                .withMessage("holdfast.some.setting: '1500ns' is not a duration from 1ms to 1d; valid: 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.duration(Duration.ofMinutes(90), Duration.ZERO, Duration.ofHours(1)))
                .withMessage("holdfast.some.setting: '90m' is not a duration from 0s to 1h; valid: 7");
    }

    @Test
    void aBadSizeAndABadTextAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.size(DataSize.ofBytes(3), DataSize.ofKilobytes(1)))
                .withMessageContaining("'3B' is not a size from 1KB");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.text("a b", Pattern.compile("[a-z]+"), "letters"))
                .withMessageContaining("'a b' is not letters");
    }

    @Test
    void boundsAreValid() {
        assertThatNoException().isThrownBy(() -> {
            setting.number(0, 0, 1);
            setting.number(1, 0, 1);
            setting.duration(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2));
            setting.duration(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(2));
            setting.size(DataSize.ofBytes(1), DataSize.ofBytes(1), DataSize.ofBytes(1));
        });
    }
}
