// SPDX-License-Identifier: Apache-2.0
/** Spans of publishes and fan-outs, sent to a collector of OpenTelemetry. Its libraries are loaded only if there is one. */
@NullMarked
@ApplicationModule(allowedDependencies = {"channel", "connection", "settings"})
package io.holdfast.tracing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
