package io.holdfast.channel;

/**
 * The answer to a publish.
 *
 * @param position of the message
 * @param repeated whether it was published before, under the same key
 */
public record Published(Position position, boolean repeated) {}
