// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The names by which only a client on the same machine reaches a service. They are never looked up. */
final class LoopbackHost {

    private static final String NAME = "localhost";

    private LoopbackHost() {}

    /** @param host of a URI or of the header {@code Host}, without a port */
    static boolean is(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals(NAME) || name.endsWith("." + NAME)) {
            return true;
        }
        String address = name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes != null && isLoopback(bytes);
    }

    private static boolean isLoopback(byte... address) {
        try {
            // Of an IPv4-mapped address this makes an IPv4 one.
            return InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
