package io.staplegate.dtls;

import io.staplegate.dtls.Flight.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Hashtable;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/**
 * What the engine takes for the network: gives it single records, and packs what it sends into as few datagrams as will
 * do. In the handshake it waits for the device; afterwards it has one record at a time, and never waits.
 */
final class FlightTransport implements DatagramTransport {
    private static final int LONGEST_PLAINTEXT = 1 << 14;
    private static final byte[] NO_RECORD = new byte[0];

    /** Ends the engine's wait for a second record; passes through the engine unharmed, and nobody looks at it. */
    private static final class NothingMore extends InterruptedIOException {
        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // does nothing
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private final int mtu;
    private final DatagramOutput output;
    private @Nullable HandshakeInput input;
    private @Nullable Flight flight;
    private int recordLimit = LONGEST_PLAINTEXT;
    private int idLength;
    private long nextSequence;
    private boolean packing = true;
    private boolean closed;
    private short alert = -1;

    private byte[] record = NO_RECORD;
    private int recordStart;
    private int recordLength;

    /**
     * A transport for a handshake.
     *
     * @param firstSequence numbers the first record: the hello's number (RFC 6347 §4.2.1)
     */
    FlightTransport(int mtu, long firstSequence, HandshakeInput input, DatagramOutput output) {
        this.mtu = mtu;
        this.nextSequence = firstSequence;
        this.input = input;
        this.output = output;
    }

    /** From now on there is what {@link #present} gives, and each record of data is a datagram. */
    void handshakeIsOver() {
        input = null;
        packing = false;
    }

    /** Bytes of the connection id in the device's records; 0: it has none. */
    int idLength() {
        return idLength;
    }

    boolean isClosed() {
        return closed;
    }

    /** Lays a record before the engine, whose answers are packed until {@link #sendFlight}. */
    void present(byte[] bytes, int start, int length) {
        record = bytes;
        recordStart = start;
        recordLength = length;
        packing = true;
    }

    /** Has the engine end the session with an alert, when it next asks for a record. */
    void failWith(short fatalAlert) {
        alert = fatalAlert;
    }

    /** Takes back what {@link #present} gave. */
    void withdraw() {
        record = NO_RECORD;
        recordLength = 0;
        packing = false;
    }

    @Override
    public int getReceiveLimit() {
        return input == null ? recordLength : HandshakeInput.LONGEST_RECORD;
    }

    /** The handshake's messages come whole, to be cut here. */
    @Override
    public int getSendLimit() {
        return input == null ? mtu : Integer.MAX_VALUE;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        if (input != null) {
            sendFlight();
            byte[] next = input.next(idLength, waitMillis);
            if (next == null) {
                return -1;
            }
            System.arraycopy(next, 0, buffer, offset, next.length);
            return next.length;
        }
        if (alert >= 0) {
            throw new TlsFatalAlert(alert);
        }
        if (recordLength == 0) {
            throw new NothingMore();
        }
        int received = recordLength;
        System.arraycopy(record, recordStart, buffer, offset, received);
        recordLength = 0;
        return received;
    }

    /** Takes a record from the engine, which makes an array for each. */
    @Override
    public void send(byte[] bytes, int offset, int length) {
        byte[] whole =
                offset == 0 && length == bytes.length ? bytes : Arrays.copyOfRange(bytes, offset, offset + length);
        if (!packing) {
            output.send(whole);
            return;
        }
        if (flight == null) {
            flight = new Flight();
        }
        flight.add(whole);
    }

    /** Sends what was collected; of a handshake that was abandoned, nothing. */
    void sendFlight() throws IOException {
        Flight ready = flight;
        flight = null;
        if (ready == null || (input != null && input.isAbandoned())) {
            return;
        }
        Message serverHello = ready.serverHello();
        if (serverHello != null) {
            read(ServerHello.parse(new ByteArrayInputStream(serverHello.body())));
        }
        FlightLayout.of(ready, mtu, recordLimit, () -> nextSequence++).forEach(output::send);
        output.flush();
    }

    private void read(ServerHello hello) throws IOException {
        Hashtable<?, ?> extensions = hello.getExtensions();
        short maxFragmentLength = TlsExtensionsUtils.getMaxFragmentLengthExtension(extensions);
        recordLimit = maxFragmentLength < 0 ? LONGEST_PLAINTEXT : 1 << (8 + maxFragmentLength);
        byte[] id = TlsExtensionsUtils.getConnectionIDExtension(extensions);
        idLength = id == null ? 0 : id.length;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        sendFlight();
        output.flush();
    }
}
