// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModuleTest {

    @Test
    void roomsUseOnlyTheRoomsTheyName() {
        ApplicationModules.of(HoldfastApplication.class).verify();
    }
}
