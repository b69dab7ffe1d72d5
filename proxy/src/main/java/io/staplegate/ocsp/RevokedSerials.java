package io.staplegate.ocsp;

import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The serials on a revocation list, with when and why each was revoked: exactly, in the bytes of the serial and four
 * more. Those of the usual 20 bytes thus take 24. Immutable.
 */
public final class RevokedSerials {
    /** The longest serial that is taken; RFC 5280 §4.1.2.2 allows 20 bytes. */
    static final int LONGEST = 64;

    /** A value has minutes since 1970 in its lower bits, up to the year 2480, and the reason above. */
    private static final int MINUTES_BITS = 28;

    private static final long MOST_MINUTES = (1L << MINUTES_BITS) - 1;
    private static final int SECONDS_PER_MINUTE = 60;

    /** What a removal is written as, for it to lose against a revocation in the same list. */
    private static final int REMOVAL = 15;

    /** By the length of the serials. */
    private final @Nullable SerialTable[] tables;

    private RevokedSerials(@Nullable SerialTable[] tables) {
        this.tables = tables;
    }

    /** Collects serials. Used by one thread. */
    static final class Collector {
        private final @Nullable SerialTable[] tables = new SerialTable[LONGEST + 1];
        private long bytes;

        /**
         * Adds one, in any order.
         *
         * @param serial the content of its INTEGER: negative ones are told apart as well
         */
        void add(byte[] serial, RevocationReason reason, long epochSecond) {
            SerialTable table = tables[serial.length];
            if (table == null) {
                table = new SerialTable(serial.length);
                tables[serial.length] = table;
            }
            int code = reason == RevocationReason.REMOVE_FROM_CRL ? REMOVAL : reason.code();
            long minutes = Math.clamp(epochSecond / SECONDS_PER_MINUTE, 0, MOST_MINUTES);
            table.add(serial, (int) (((long) code << MINUTES_BITS) | minutes));
            bytes += serial.length + SerialTable.VALUE_BYTES;
        }

        /** What they take so far. */
        long bytes() {
            return bytes;
        }

        /** All of them, each once: where a list has one twice, revoked goes before removed, and the earlier first. */
        RevokedSerials seal() {
            for (SerialTable table : tables) {
                if (table != null) {
                    table.seal();
                }
            }
            return new RevokedSerials(tables);
        }
    }

    /** What the list says of a serial; null: nothing. Takes about a microsecond among millions. */
    public @Nullable Revocation find(BigInteger serial) {
        byte[] bytes = serial.toByteArray();
        SerialTable table = bytes.length > LONGEST ? null : tables[bytes.length];
        long value = table == null ? -1 : table.find(bytes);
        if (value < 0) {
            return null;
        }
        long code = value >>> MINUTES_BITS;
        Instant since = Instant.ofEpochSecond((value & MOST_MINUTES) * SECONDS_PER_MINUTE);
        return new Revocation(since, code == REMOVAL ? RevocationReason.REMOVE_FROM_CRL : RevocationReason.of(code));
    }

    /** Whether these are the same serials, for the same reasons. Takes some 30 ms for five millions. */
    boolean hasSameAs(RevokedSerials other) {
        for (int i = 0; i <= LONGEST; i++) {
            SerialTable one = tables[i];
            SerialTable two = other.tables[i];
            boolean areSame = (one == null || two == null) ? one == two : one.hasSameAs(two);
            if (!areSame) {
                return false;
            }
        }
        return true;
    }

    /** How many there are. */
    public int size() {
        int size = 0;
        for (SerialTable table : tables) {
            size += table == null ? 0 : table.size();
        }
        return size;
    }

    /** What they take in memory. */
    public long bytes() {
        long bytes = 0;
        for (SerialTable table : tables) {
            bytes += table == null ? 0 : table.bytes();
        }
        return bytes;
    }
}
