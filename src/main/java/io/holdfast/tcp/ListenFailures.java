// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.net.BindFailures;
import io.holdfast.settings.Example;
import io.holdfast.settings.FreePort;
import io.holdfast.settings.InvalidSettingException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** Finds out why a listener cannot listen: because of its address or of its port. */
final class ListenFailures {

    private ListenFailures() {}

    static InvalidSettingException explain(String listener, InetSocketAddress address, Throwable cause) {
        if (address.isUnresolved()) {
            return address(listener, address, "is not an address, or a name that has one");
        }
        if (!isLocal(address.getAddress())) {
            return address(listener, address, "is not an address of this machine");
        }
        String property = TcpProperties.property(listener, "port");
        String port = String.valueOf(address.getPort());
        String free = String.valueOf(FreePort.near(address.getAddress(), address.getPort()));
        return new InvalidSettingException(
                property,
                port,
                "cannot be listened on at " + address.getHostString() + " (" + BindFailures.reason(cause)
                        + "). Stop what uses the port, or set another one, or 0 for any free one",
                List.of(new Example(property, free)));
    }

    private static InvalidSettingException address(String listener, InetSocketAddress address, String reason) {
        String property = TcpProperties.property(listener, "address");
        return new InvalidSettingException(
                property,
                address.getHostString(),
                reason,
                List.of(new Example(property, "0.0.0.0"), new Example(property, "127.0.0.1")));
    }

    private static boolean isLocal(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true;
        }
    }
}
