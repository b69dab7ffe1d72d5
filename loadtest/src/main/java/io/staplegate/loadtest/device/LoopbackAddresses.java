package io.staplegate.loadtest.device;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The addresses of this machine that devices have: more than 16 million in 127.0.0.0/8. */
public final class LoopbackAddresses {
    /** 127.0.x.y is left to others, servers among them. */
    private static final int FIRST = 0x7f01_0000;

    private LoopbackAddresses() {}

    /** That of a device, by its number from 0 on. */
    public static InetAddress of(int device) {
        int address = FIRST + device;
        byte[] bytes = {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address};
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
