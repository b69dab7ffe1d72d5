package io.staplegate.dtls;

import io.staplegate.dtls.Flight.Message;
import io.staplegate.dtls.Flight.Part;
import io.staplegate.dtls.Flight.Whole;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How a flight lies in its datagrams: each is filled to the MTU, and messages that follow each other share a record.
 * The layout depends on the messages alone, so that a retransmission repeats it (R46, R48).
 */
final class FlightLayout {
    /** No message is cut for less than this at the end of a datagram. */
    private static final int SMALLEST_CUT = 32;

    private final int recordLimit;
    private final LongSupplier sequence;
    private final ByteBuffer datagram;
    private final List<byte[]> finished = new ArrayList<>();
    /** Where the record begins that can take more, or -1. */
    private int openRecord = -1;

    private FlightLayout(int mtu, int recordLimit, LongSupplier sequence) {
        this.recordLimit = recordLimit;
        this.sequence = sequence;
        this.datagram = ByteBuffer.allocate(mtu);
    }

    /**
     * The datagrams of a flight.
     *
     * @param mtu the largest datagram, in bytes
     * @param recordLimit the most plaintext in a record, in bytes
     * @param sequence numbers the records of epoch 0
     */
    static List<byte[]> of(Flight flight, int mtu, int recordLimit, LongSupplier sequence) {
        FlightLayout layout = new FlightLayout(mtu, recordLimit, sequence);
        for (Part part : flight.parts()) {
            switch (part) {
                case Message message -> layout.place(message);
                case Whole whole -> layout.place(whole);
            }
        }
        layout.finishDatagram();
        return layout.finished;
    }

    private void place(Whole whole) {
        byte[] record = whole.record();
        finishRecord();
        if (record.length > datagram.remaining()) {
            finishDatagram();
        }
        int start = datagram.position();
        datagram.put(record);
        if (whole.isPlaintext()) {
            number(start);
        }
    }

    private void place(Message message) {
        int length = message.body().length;
        int placed = 0;
        do {
            int room = room(Math.min(length - placed, SMALLEST_CUT));
            int fragment = Math.min(room, length - placed);
            if (openRecord < 0) {
                beginRecord(message);
            }
            datagram.put(message.head(), Records.HEADER, 6);
            putUint24(placed);
            putUint24(fragment);
            datagram.put(message.body(), placed, fragment);
            placed += fragment;
            if (fragment < length) {
                finishRecord(); // Californium loses what follows the last fragment of a message in the same record
            }
        } while (placed < length);
    }

    /** How much of a message fits here; begins another record or datagram where that is less than is wanted. */
    private int room(int wanted) {
        if (openRecord >= 0 && roomInRecord() >= wanted) {
            return roomInRecord();
        }
        finishRecord();
        if (roomInNewRecord() < wanted) {
            finishDatagram();
        }
        return roomInNewRecord();
    }

    private int roomInRecord() {
        int used = datagram.position() - openRecord - Records.HEADER;
        return Math.min(datagram.remaining(), recordLimit - used) - Message.HEADER;
    }

    private int roomInNewRecord() {
        return Math.min(datagram.remaining() - Records.HEADER, recordLimit) - Message.HEADER;
    }

    private void beginRecord(Message message) {
        openRecord = datagram.position();
        datagram.put(message.head(), 0, Records.HEADER);
        number(openRecord);
    }

    private void finishRecord() {
        if (openRecord >= 0) {
            int length = datagram.position() - openRecord - Records.HEADER;
            datagram.putShort(openRecord + Records.HEADER - 2, (short) length);
            openRecord = -1;
        }
    }

    private void finishDatagram() {
        finishRecord();
        if (datagram.position() > 0) {
            finished.add(Arrays.copyOf(datagram.array(), datagram.position()));
            datagram.clear();
        }
    }

    /** Type, version and epoch stay; what follows them in 8 bytes is the epoch, which is 0, and the number. */
    private void number(int record) {
        datagram.putLong(record + 3, sequence.getAsLong());
    }

    private void putUint24(int value) {
        datagram.put((byte) (value >>> 16)).putShort((short) value);
    }
}
