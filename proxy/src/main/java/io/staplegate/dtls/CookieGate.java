package io.staplegate.dtls;

import io.staplegate.handshake.CryptoProvider;
import io.staplegate.telemetry.DatagramDrop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/**
 * Keeps strangers out: a ClientHello goes on only with a cookie that was sent to its source (RFC 6347 §4.2.1). Keeps no
 * state for a source; its secret rotates, and the former one is good too. Safe for use by any thread.
 */
final class CookieGate {
    /** How long a secret makes cookies; they are good for as long again. */
    static final Duration ROTATION = Duration.ofMinutes(5);

    /** A ClientHello's session id, behind the headers of record and message, its version and its random. */
    private static final int SESSION_ID = Records.HEADER + 12 + 2 + 32;

    private static final CookieCrypto CRYPTO = new CookieCrypto(CryptoProvider.crypto());

    private final LongSupplier nanoTime;
    private volatile Secrets secrets;

    /** What becomes of a datagram from an address without a session. */
    sealed interface Answer {}

    /**
     * The cookie is right: a handshake may begin.
     *
     * @param hello a hash, the same for a retransmission of the same hello
     * @param recordSequence the sequence number of the hello's record
     * @param messageSequence the sequence number of the hello among handshake messages
     */
    record Verified(DTLSRequest request, int hello, long recordSequence, int messageSequence) implements Answer {}

    /** Send this, which is not larger than what came. */
    record Challenge(byte[] helloVerifyRequest) implements Answer {}

    /** Send nothing. */
    record Ignored(DatagramDrop why) implements Answer {}

    /** The secrets in force from a moment on. */
    private record Secrets(DTLSVerifier current, DTLSVerifier former, long since) {}

    /** Takes the answer of the engine's verifier, where there is one. */
    private static final class Reply implements DatagramSender {
        byte @Nullable [] bytes;

        @Override
        public int getSendLimit() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void send(byte[] bytes, int offset, int length) {
            this.bytes = Arrays.copyOfRange(bytes, offset, offset + length);
        }
    }

    /**
     * A gate with new secrets.
     *
     * @param nanoTime tells how time passes, as {@link System#nanoTime} does
     */
    CookieGate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.secrets = new Secrets(new DTLSVerifier(CRYPTO), new DTLSVerifier(CRYPTO), nanoTime.getAsLong());
    }

    /** Judges a datagram; it is not changed, and not kept (but for what {@link Verified} has). */
    Answer judge(InetSocketAddress source, byte[] datagram, int length) {
        Records record = new Records(datagram, 0, length, 0);
        if (!record.next()) {
            return new Ignored(
                    isSealedWithId(datagram, length) ? DatagramDrop.UNKNOWN_SESSION : DatagramDrop.MALFORMED);
        }
        if (!isClientHello(record)) {
            return new Ignored(DatagramDrop.UNKNOWN_SESSION);
        }
        if (!isWhole(record)) {
            return new Ignored(DatagramDrop.FRAGMENTED_HELLO);
        }
        try {
            return judge(clientId(source), record);
        } catch (RuntimeException malformed) {
            // The engine's parser throws them at hellos that it should call malformed: version 0xFEFE is one.
            return new Ignored(DatagramDrop.MALFORMED);
        }
    }

    private Answer judge(byte[] clientId, Records record) {
        Secrets now = secrets();
        Reply reply = new Reply();
        DTLSRequest request = verify(now.current(), clientId, record, reply);
        if (request == null && reply.bytes != null && hasCookie(record)) {
            request = verify(now.former(), clientId, record, new Reply());
        }
        if (request != null) {
            byte[] datagram = record.datagram();
            int hello = ByteBuffer.wrap(datagram, record.body(), record.bodyLength())
                    .hashCode();
            int messageSequence = TlsUtils.readUint16(datagram, record.body() + 4);
            return new Verified(request, hello, record.sequence(), messageSequence);
        }
        return reply.bytes == null ? new Ignored(DatagramDrop.MALFORMED) : new Challenge(reply.bytes);
    }

    private static @Nullable DTLSRequest verify(DTLSVerifier verifier, byte[] clientId, Records record, Reply reply) {
        return verifier.verifyRequest(clientId, record.datagram(), record.start(), record.length(), reply);
    }

    private static boolean isSealedWithId(byte[] datagram, int length) {
        return length >= Records.HEADER && datagram[0] == ContentType.tls12_cid;
    }

    private static boolean isClientHello(Records record) {
        return record.type() == ContentType.handshake
                && record.epoch() == 0
                && record.bodyLength() > 0
                && record.datagram()[record.body()] == HandshakeType.client_hello;
    }

    private static boolean isWhole(Records record) {
        byte[] datagram = record.datagram();
        int body = record.body();
        return record.bodyLength() < 12
                || (TlsUtils.readUint24(datagram, body + 6) == 0
                        && TlsUtils.readUint24(datagram, body + 1) == TlsUtils.readUint24(datagram, body + 9));
    }

    /** Most hellos of a flood have none, and need not be tried with the former secret. */
    private static boolean hasCookie(Records record) {
        int sessionId = record.start() + SESSION_ID;
        int cookie = sessionId + 1 + record.datagram()[sessionId];
        return record.datagram()[cookie] != 0;
    }

    private static byte[] clientId(InetSocketAddress source) {
        byte[] address = source.getAddress().getAddress();
        return ByteBuffer.allocate(address.length + Character.BYTES)
                .put(address)
                .putChar((char) source.getPort())
                .array();
    }

    private Secrets secrets() {
        Secrets now = secrets;
        return nanoTime.getAsLong() - now.since() < ROTATION.toNanos() ? now : rotated();
    }

    /** A secret that nobody asked for in twice its time is too old to be the former one. */
    private synchronized Secrets rotated() {
        long time = nanoTime.getAsLong();
        long age = time - secrets.since();
        if (age >= ROTATION.toNanos()) {
            boolean recent = age < 2 * ROTATION.toNanos();
            secrets =
                    new Secrets(new DTLSVerifier(CRYPTO), recent ? secrets.current() : new DTLSVerifier(CRYPTO), time);
        }
        return secrets;
    }
}
