// SPDX-License-Identifier: Apache-2.0
/** The rules of what is in {@code src/deploy}: the image, the systemd unit, the manifests, the alerts and the dashboard. */
@NullMarked
package io.holdfast.deploy;

import org.jspecify.annotations.NullMarked;
