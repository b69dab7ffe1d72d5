package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.tls.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connection ids lead back to the loop that made them, and to nobody else's session. */
final class ConnectionIdsTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "6, 1", "6, 2", "6, 3", "20, 16", "6, 255", "6, 256"})
    void anIdSaysWhichLoopMadeIt(int length, int loops) {
        for (int loop = 0; loop < loops; loop++) {
            ConnectionIds<String> ids = ids(length, loop, loops);
            Map<ConnectionId, String> assigned = new HashMap<>();
            for (int i = 0; i < 20; i++) {
                String session = "session " + i;
                ConnectionId id = ids.assign(session);
                if (id != null) {
                    assigned.put(id, session);
                }
            }
            assertThat(assigned).isNotEmpty();
            for (var entry : assigned.entrySet()) {
                byte[] record = record(entry.getKey().bytes());
                assertThat(ids.loopOf(record, record.length)).isEqualTo(loop);
                assertThat(ids.find(record)).isEqualTo(entry.getValue());
            }
        }
    }

    @Test
    void idsThatHaveRunOutAreNotGivenTwice() {
        ConnectionIds<Integer> ids = ids(1, 1, 2);
        Map<ConnectionId, Integer> assigned = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            ConnectionId id = ids.assign(i);
            if (id != null) {
                assertThat(assigned.put(id, i)).isNull();
            }
        }
        assertThat(assigned).hasSize(128);
    }

    @Test
    void anIdThatWasReleasedLeadsNowhere() {
        ConnectionIds<String> ids = ids(6, 0, 1);
        ConnectionId id = Objects.requireNonNull(ids.assign("handshake"));
        byte[] record = record(id.bytes());
        ids.reassign(id, "session");
        assertThat(ids.find(record)).isEqualTo("session");
        ids.release(id);
        assertThat(ids.find(record)).isNull();
    }

    @Test
    void aRecordThatIsTooShortHasNoId() {
        ConnectionIds<String> ids = ids(6, 0, 1);
        byte[] record = record(new byte[6]);
        for (int length = 0; length < 17; length++) {
            assertThat(ids.loopOf(record, length)).isEqualTo(-1);
        }
        assertThat(ids.loopOf(record, 17)).isZero();
    }

    @Test
    void aListenerWithoutIdsAssignsNone() {
        ConnectionIds<String> ids = ids(0, 0, 1);
        assertThat(ids.assign("session")).isNull();
        byte[] record = record(new byte[6]);
        assertThat(ids.loopOf(record, record.length)).isEqualTo(-1);
    }

    private static <R> ConnectionIds<R> ids(int length, int loop, int loops) {
        return new ConnectionIds<>(length, loop, loops, new SecureRandom());
    }

    private static byte[] record(byte[] id) {
        byte[] record = new byte[11 + id.length + 2];
        record[0] = ContentType.tls12_cid;
        System.arraycopy(id, 0, record, 11, id.length);
        assertThat(ConnectionIds.isIn(record, record.length)).isTrue();
        return record;
    }
}
