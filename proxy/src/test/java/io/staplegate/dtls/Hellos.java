package io.staplegate.dtls;

import io.staplegate.dtls.CookieGate.Challenge;
import io.staplegate.dtls.CookieGate.Verified;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.TlsUtils;

/** ClientHellos for tests, each a datagram. */
final class Hellos {
    /** Where the length of the cookie is in a hello without a session id. */
    private static final int COOKIE = Records.HEADER + 12 + 2 + 32 + 1;

    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 4711);

    private Hellos() {}

    /** A hello that has been through a gate. */
    static Verified verified() {
        CookieGate gate = new CookieGate(System::nanoTime);
        byte[] first = first();
        Challenge challenge = (Challenge) gate.judge(SOURCE, first, first.length);
        byte[] second = second(first, challenge.helloVerifyRequest());
        return (Verified) gate.judge(SOURCE, second, second.length);
    }

    /** A device's first hello, without a cookie. */
    static byte[] first() {
        List<byte[]> sent = new ArrayList<>();
        MemoryDevice device = new MemoryDevice().over(datagram -> {
            sent.add(datagram);
            throw new IllegalStateException("one is enough");
        });
        try {
            device.connect();
        } catch (IOException e) {
            return sent.getFirst();
        }
        throw new AssertionError("shook hands with nobody");
    }

    /** The second hello of the same device, with the cookie of a HelloVerifyRequest. */
    static byte[] second(byte[] first, byte[] helloVerifyRequest) {
        byte[] cookie = Arrays.copyOfRange(helloVerifyRequest, 28, helloVerifyRequest.length);
        byte[] hello = ByteBuffer.allocate(first.length + cookie.length)
                .put(first, 0, COOKIE)
                .put((byte) cookie.length)
                .put(cookie)
                .put(first, COOKIE + 1, first.length - COOKIE - 1)
                .array();
        int body = hello.length - Records.HEADER - 12;
        TlsUtils.writeUint16(body + 12, hello, 11);
        TlsUtils.writeUint24(body, hello, 14);
        TlsUtils.writeUint24(body, hello, 22);
        hello[10] = 1;
        hello[18] = 1;
        return hello;
    }
}
