package io.staplegate.mirror;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Who counts as one source of requests. */
final class Source {
    /** In bytes: within it a host takes whatever addresses it likes (RFC 4862). */
    private static final int IPV6_PREFIX = 8;

    private Source() {}

    /** An IPv4 address as it is; of an IPv6 address, the first address of its /64. */
    static InetAddress of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, IPV6_PREFIX, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IPv6 address of " + bytes.length + " bytes", e);
        }
    }
}
