package io.staplegate.ocsp;

import java.util.Arrays;
import java.util.List;

/**
 * Sorts records of fixed width where they are, byte by byte from the first (an American flag sort): whatever is in
 * them, each byte is looked at a few times at most, and it takes no memory to speak of.
 */
final class RecordSort {
    private static final int VALUES = 256;

    /** Fewer than these are sorted by insertion. */
    private static final int FEW = 16;

    private final byte[][] chunks;
    private final int width;
    private final int chunkBits;
    private final int chunkMask;
    private final byte[] spare;

    /** For each byte of a record, where the records with each value of it go; used again by each call at that depth. */
    private final int[][] next;

    private final int[][] ends;

    /** {@code chunkBits}: there are 2 to the power of this many records in each array, but for the last. */
    RecordSort(List<byte[]> chunks, int width, int chunkBits) {
        this.chunks = chunks.toArray(byte[][]::new);
        this.width = width;
        this.chunkBits = chunkBits;
        this.chunkMask = (1 << chunkBits) - 1;
        this.spare = new byte[width];
        this.next = new int[width][VALUES];
        this.ends = new int[width][VALUES];
    }

    void sort(int size) {
        sort(0, size, 0);
    }

    private void sort(int from, int to, int column) {
        if (to - from < FEW) {
            insert(from, to);
            return;
        }
        if (column == width) {
            return; // all the same
        }
        int[] end = ends[column];
        if (count(from, to, column, end)) {
            sort(from, to, column + 1);
            return;
        }
        int[] start = next[column];
        int position = from;
        for (int value = 0; value < VALUES; value++) {
            start[value] = position;
            position += end[value];
            end[value] = position;
        }
        distribute(column, start, end);
        int first = from;
        for (int value = 0; value < VALUES; value++) {
            int last = end[value];
            if (last - first > 1) {
                sort(first, last, column + 1);
            }
            first = last;
        }
    }

    /** Counts the records by one of their bytes; true: it is the same in all. */
    private boolean count(int from, int to, int column, int[] counts) {
        Arrays.fill(counts, 0);
        for (int i = from; i < to; i++) {
            counts[at(i, column)]++;
        }
        return counts[at(from, column)] == to - from;
    }

    private void distribute(int column, int[] start, int[] end) {
        for (int value = 0; value < VALUES; value++) {
            while (start[value] < end[value]) {
                int found = at(start[value], column);
                if (found == value) {
                    start[value]++;
                } else {
                    swap(start[value], start[found]++);
                }
            }
        }
    }

    private void insert(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            for (int k = i; k > from && compare(k - 1, k) > 0; k--) {
                swap(k - 1, k);
            }
        }
    }

    private int at(int index, int column) {
        return chunks[index >>> chunkBits][offset(index) + column] & 0xff;
    }

    private int compare(int one, int other) {
        int start = offset(one);
        int otherStart = offset(other);
        byte[] chunk = chunks[one >>> chunkBits];
        byte[] otherChunk = chunks[other >>> chunkBits];
        return Arrays.compareUnsigned(chunk, start, start + width, otherChunk, otherStart, otherStart + width);
    }

    private void swap(int one, int other) {
        byte[] chunk = chunks[one >>> chunkBits];
        byte[] otherChunk = chunks[other >>> chunkBits];
        System.arraycopy(chunk, offset(one), spare, 0, width);
        System.arraycopy(otherChunk, offset(other), chunk, offset(one), width);
        System.arraycopy(spare, 0, otherChunk, offset(other), width);
    }

    private int offset(int index) {
        return (index & chunkMask) * width;
    }
}
