package io.staplegate.dtls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Reads datagrams for tests. */
final class Datagrams {
    private Datagrams() {}

    /** The sizes of datagrams. */
    static List<Integer> sizes(List<byte[]> datagrams) {
        return datagrams.stream().map(datagram -> datagram.length).toList();
    }

    /** The records of a datagram, each with its header. */
    static List<byte[]> records(byte[] datagram) {
        List<byte[]> records = new ArrayList<>();
        Records record = new Records(datagram, 0, datagram.length, 0);
        while (record.next()) {
            records.add(Arrays.copyOfRange(datagram, record.start(), record.end()));
        }
        return records;
    }

    /** A datagram in hex, with its records' sequence numbers set to 0, and without what is encrypted. */
    static String withoutSequences(byte[] datagram) {
        StringBuilder text = new StringBuilder();
        for (byte[] record : records(datagram)) {
            Arrays.fill(record, 5, 11, (byte) 0);
            boolean sealed = record[4] != 0;
            text.append(HexFormat.of().formatHex(record, 0, sealed ? Records.HEADER : record.length))
                    .append(' ');
        }
        return text.toString();
    }
}
