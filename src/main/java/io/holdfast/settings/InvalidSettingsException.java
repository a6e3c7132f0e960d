// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.util.List;
import java.util.stream.Collectors;

/** All settings that cannot be used, explained. */
final class InvalidSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Explanation> explanations;

    InvalidSettingsException(List<Explanation> explanations) {
        super(explanations.stream().map(Explanation::description).collect(Collectors.joining(" ")));
        this.explanations = List.copyOf(explanations);
    }

    List<Explanation> explanations() {
        return explanations;
    }
}
