package io.staplegate.dtls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What somebody sends who knows addresses and connection ids, and no key. */
final class Forgeries {
    private Forgeries() {}

    /** Records of every type, of some epochs and versions and of small sizes, with an id and without one. */
    static List<byte[]> of(byte[] id) {
        List<byte[]> forgeries = new ArrayList<>();
        for (int type = 0; type < 256; type++) {
            for (int epoch = 0; epoch < 3; epoch++) {
                for (int length = 0; length < 60; length++) {
                    byte[] record = new byte[Records.HEADER + length];
                    record[0] = (byte) type;
                    record[1] = (byte) 0xFE;
                    record[2] = (byte) (type % 4 == 0 ? 0xFE : 0xFD);
                    record[4] = (byte) epoch;
                    record[10] = (byte) 200;
                    record[12] = (byte) length;
                    forgeries.add(record);
                    byte[] withId = Arrays.copyOf(record, record.length + id.length);
                    System.arraycopy(id, 0, withId, 11, id.length);
                    withId[10 + id.length + 1] = 0;
                    withId[10 + id.length + 2] = (byte) length;
                    forgeries.add(withId);
                }
            }
        }
        return forgeries;
    }
}
