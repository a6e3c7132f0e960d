// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

/**
 * The result of a publish.
 *
 * @param position of the message
 * @param repeated whether a draft with the same key was published before
 */
public record Published(Position position, boolean repeated) {}
