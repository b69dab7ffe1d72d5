package io.staplegate.ocsp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Serials of one length, each with a number: records of fixed width in sorted order, in arrays too small to trouble a
 * garbage collector. Filled by one thread, sealed, and then read by any.
 */
final class SerialTable {
    /** Of the number behind each serial. */
    static final int VALUE_BYTES = 4;

    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final int keyBytes;
    private final int width;
    private final List<byte[]> chunks = new ArrayList<>();
    private int size;

    /** {@code keyBytes}: the length of each serial. */
    SerialTable(int keyBytes) {
        this.keyBytes = keyBytes;
        this.width = keyBytes + VALUE_BYTES;
    }

    /** Adds one; not once it is sealed. */
    void add(byte[] serial, int value) {
        int offset = offset(size);
        if (offset == 0) {
            chunks.add(new byte[CHUNK * width]);
        }
        byte[] chunk = chunk(size);
        System.arraycopy(serial, 0, chunk, offset, keyBytes);
        for (int i = 0; i < VALUE_BYTES; i++) {
            chunk[offset + keyBytes + i] = (byte) (value >>> ((VALUE_BYTES - 1 - i) * Byte.SIZE));
        }
        size++;
    }

    /** Sorts it in place; of a serial that is there twice, the least number stays. */
    void seal() {
        new RecordSort(chunks, width, CHUNK_BITS).sort(size);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (kept == 0 || !hasSameKey(kept - 1, i)) {
                System.arraycopy(chunk(i), offset(i), chunk(kept), offset(kept), width);
                kept++;
            }
        }
        size = kept;
        int full = size >>> CHUNK_BITS;
        int rest = offset(size);
        chunks.subList(rest == 0 ? full : full + 1, chunks.size()).clear();
        if (rest != 0) {
            chunks.set(full, Arrays.copyOf(chunks.get(full), rest));
        }
    }

    /** The number that belongs to a serial, as an unsigned one; -1: it is not here. */
    long find(byte[] serial) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            byte[] chunk = chunk(middle);
            int offset = offset(middle);
            int order = Arrays.compareUnsigned(chunk, offset, offset + keyBytes, serial, 0, keyBytes);
            if (order == 0) {
                return value(chunk, offset + keyBytes);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** Whether both have the same records, once they are sealed. */
    boolean hasSameAs(SerialTable other) {
        return size == other.size
                && Arrays.deepEquals(chunks.toArray(byte[][]::new), other.chunks.toArray(byte[][]::new));
    }

    int size() {
        return size;
    }

    /** Of the arrays. */
    long bytes() {
        return chunks.stream().mapToLong(chunk -> chunk.length).sum();
    }

    private boolean hasSameKey(int one, int other) {
        int start = offset(one);
        int otherStart = offset(other);
        return Arrays.equals(chunk(one), start, start + keyBytes, chunk(other), otherStart, otherStart + keyBytes);
    }

    private byte[] chunk(int index) {
        return chunks.get(index >>> CHUNK_BITS);
    }

    private int offset(int index) {
        return (index & (CHUNK - 1)) * width;
    }

    private static long value(byte[] chunk, int offset) {
        long value = 0;
        for (int i = 0; i < VALUE_BYTES; i++) {
            value = (value << Byte.SIZE) | (chunk[offset + i] & 0xff);
        }
        return value;
    }
}
