package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.dtls.DtlsEngine.Received;
import io.staplegate.handshake.Handshakes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.TlsUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session after its handshake, with a device in memory. */
final class DtlsEngineTest {
    private static final Handshakes PATIENT =
            SmallListener.handshakes(SmallListener.SITE.chainStaples(), Duration.ofMinutes(1));

    /** ChangeCipherSpec and Finished, in bytes. */
    private static final int LAST_FLIGHT = 14 + 61;

    private static final byte[] ID = {1, 2, 3, 4, 5, 6};

    private static Encounter session() throws IOException {
        return session(new MemoryDevice());
    }

    private static Encounter session(MemoryDevice device) throws IOException {
        return new Encounter(device, new SmallListener(PATIENT, 1472)).shakeHands();
    }

    private static Encounter sessionWithId() throws IOException {
        SmallListener listener = new SmallListener(PATIENT, 1472).connectionId(ID);
        return new Encounter(new MemoryDevice().connectionId(), listener).shakeHands();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            })
    void theLargestRecordThatFitsFillsTheDatagramAndNoLargerIsSent(int suite) throws IOException {
        SmallListener listener = new SmallListener(PATIENT, 600).connectionId(ID);
        MemoryDevice device = new MemoryDevice().suites(suite).connectionId((byte) 9, (byte) 9, (byte) 9);
        try (Encounter encounter = new Encounter(device, listener).shakeHands()) {
            DtlsEngine engine = listener.established.join();
            int limit = listener.onLoop(engine::sendLimit);
            listener.onLoop(() -> engine.send(new byte[limit], 0, limit));
            assertThat(encounter.down.sent().getLast()).hasSize(600);
            assertThat(device.hear(5000)).hasSize(limit);
            assertThatThrownBy(() -> listener.onLoop(() -> engine.send(new byte[limit + 1], 0, limit + 1)))
                    .hasRootCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theLargestRecordOfAllArrives() throws IOException {
        byte[] full = new byte[1 << 14];
        try (Encounter encounter = session(new MemoryDevice().sendLimit(1 << 15))) {
            encounter.listener.mute();
            encounter.device.say(full);
            encounter.listener.onLoop(() -> {});
            assertThat(encounter.listener.heard.remove()).hasSize(full.length);
        }
    }

    /** They borrow the thread's ciphers. */
    @Test
    void sessionsOnOneThreadKeepTheirKeysApart() throws IOException {
        for (int suite : List.of(
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8)) {
            try (Encounter one = session(new MemoryDevice().suites(suite));
                    Encounter other = session(new MemoryDevice().suites(suite))) {
                for (int i = 0; i < 20; i++) {
                    one.device.say("one " + i);
                    other.device.say("other " + i);
                    assertThat(one.device.hearText()).isEqualTo("one " + i);
                    assertThat(other.device.hearText()).isEqualTo("other " + i);
                }
            }
        }
    }

    @Test
    void anEmptyRecordArrives() throws IOException {
        try (Encounter encounter = session()) {
            encounter.device.say("");
            assertThat(encounter.device.hear(5000)).isEmpty();
        }
    }

    @Test
    void severalRecordsInOneDatagramAreSeveralPlaintexts() throws IOException {
        for (Encounter each : List.of(session(), sessionWithId())) {
            try (Encounter encounter = each) {
                List<byte[]> kept = new ArrayList<>();
                encounter.device.over(kept::add);
                encounter.device.say("a long one, so that the next are not where it was");
                encounter.device.say("two");
                encounter.device.say("three");
                ByteArrayOutputStream joined = new ByteArrayOutputStream();
                kept.forEach(joined::writeBytes);
                int before = encounter.down.sent().size();
                encounter.listener.arrive(joined.toByteArray());
                assertThat(encounter.device.hearText()).startsWith("a long one");
                assertThat(encounter.device.hearText()).isEqualTo("two");
                assertThat(encounter.device.hearText()).isEqualTo("three");
                assertThat(encounter.down.sent()).hasSize(before + 3);
            }
        }
    }

    @Test
    void aReplayedRecordIsDropped() throws IOException {
        try (Encounter encounter = session()) {
            encounter.device.say("once");
            assertThat(encounter.device.hearText()).isEqualTo("once");
            encounter.listener.onLoop(encounter.listener.receipts::clear);
            overheard(encounter).forEach(encounter.listener::arrive);
            encounter.listener.onLoop(() -> {});
            assertThat(encounter.listener.receipts).containsOnly(Received.NOTHING);
            assertThat(encounter.listener.heard).containsExactly("once");
        }
    }

    @Test
    void onlyTheNewestRecordWithItsIdMovesTheDevice() throws IOException {
        try (Encounter encounter = sessionWithId()) {
            encounter.listener.onLoop(encounter.listener.receipts::clear);
            List<byte[]> kept = new ArrayList<>();
            encounter.device.over(kept::add);
            encounter.device.say("older");
            encounter.device.say("newer");
            encounter.listener.arrive(kept.get(1).clone());
            encounter.listener.arrive(kept.get(0).clone());
            encounter.listener.arrive(kept.get(1).clone());
            encounter.listener.onLoop(() -> {});
            assertThat(encounter.listener.receipts)
                    .containsExactly(Received.NEWEST_BY_ID, Received.AUTHENTIC, Received.NOTHING);
        }
    }

    @Test
    void withoutAnIdTheDeviceNeverMoves() throws IOException {
        try (Encounter encounter = session()) {
            encounter.listener.onLoop(encounter.listener.receipts::clear);
            encounter.device.say("here");
            assertThat(encounter.device.hearText()).isEqualTo("here");
            encounter.listener.onLoop(() -> {});
            assertThat(encounter.listener.receipts).containsExactly(Received.AUTHENTIC);
        }
    }

    @Test
    void theDeviceHangsUp() throws IOException {
        try (Encounter encounter = session()) {
            int before = encounter.down.sent().size();
            encounter.device.hangUp();
            DtlsEngine engine = encounter.listener.established.join();
            encounter.listener.onLoop(() -> {
                assertThat(engine.isClosed()).isTrue();
                assertThatThrownBy(() -> engine.send(new byte[1], 0, 1)).isInstanceOf(ClosedChannelException.class);
                engine.close();
                engine.forgetOldFlight();
            });
            assertThat(encounter.down.sent()).hasSize(before + 1);
            overheard(encounter).forEach(encounter.listener::arrive);
            encounter.listener.onLoop(() -> {});
            assertThat(encounter.down.sent()).hasSize(before + 1);
        }
    }

    @Test
    void theListenerHangsUp() throws IOException {
        try (Encounter encounter = session()) {
            DtlsEngine engine = encounter.listener.established.join();
            encounter.listener.onLoop(engine::close);
            assertThat(encounter.listener.onLoop(engine::isClosed)).isTrue();
            assertThat(encounter.device.hear(200)).isNull();
            assertThat(encounter.device.alert).isZero();
        }
    }

    @Test
    void theDevicesFatalAlertEndsTheSession() throws IOException {
        try (Encounter encounter = session()) {
            encounter.device.fail();
            encounter.listener.onLoop(() -> {});
            DtlsEngine engine = encounter.listener.established.join();
            assertThat(encounter.listener.onLoop(engine::isClosed)).isTrue();
        }
    }

    @Test
    void aLostLastFlightIsSentAgainToTheDeviceAloneAndNotForEver() throws IOException {
        MemoryDevice device = new MemoryDevice().resendMillis(30);
        AtomicInteger ends = new AtomicInteger();
        LossyPath.Fate losesTheEnd = (_, datagram) ->
                datagram.length == LAST_FLIGHT && ends.incrementAndGet() <= 3 ? List.of() : List.of(datagram);
        try (Encounter encounter =
                new Encounter(device, new SmallListener(PATIENT, 1472), LossyPath.faithful(), losesTheEnd)) {
            encounter.shakeHands();
            encounter.listener.onLoop(() -> {});
            assertThat(ends).hasValueGreaterThanOrEqualTo(4);

            int before = encounter.down.sent().size();
            overheard(encounter).forEach(encounter.listener::arrive);
            overheard(encounter).forEach(datagram -> encounter.listener.arrive(renumbered(datagram)));
            encounter.listener.onLoop(() -> {});
            assertThat(encounter.down.sent()).hasSize(before);
        }
    }

    /** What the device has sent, but for its first hello, to which everybody gets an answer. */
    private static List<byte[]> overheard(Encounter encounter) {
        return encounter.up.sent().stream().skip(1).map(byte[]::clone).toList();
    }

    /** What everybody can do with a datagram that he has overheard. */
    private static byte[] renumbered(byte[] datagram) {
        byte[] copy = datagram.clone();
        TlsUtils.writeUint48(TlsUtils.readUint48(copy, 5) + 100, copy, 5);
        return copy;
    }

    @Test
    void aForgottenFlightIsNotSentAgain() throws IOException {
        MemoryDevice device = new MemoryDevice().resendMillis(30).giveUpAfter(1000);
        LossyPath.Fate losesTheEnd = (_, datagram) -> datagram.length == LAST_FLIGHT ? List.of() : List.of(datagram);
        SmallListener listener = new SmallListener(PATIENT, 1472);
        var _ = listener.established.thenAccept(DtlsEngine::forgetOldFlight);
        try (Encounter encounter = new Encounter(device, listener, LossyPath.faithful(), losesTheEnd)) {
            assertThatThrownBy(device::connect).isInstanceOf(IOException.class);
            assertThat(Datagrams.sizes(encounter.down.sent())).containsOnlyOnce(LAST_FLIGHT);
            assertThat(encounter.up.sent()).hasSizeGreaterThan(10);
        }
    }

    @Test
    void nothingThatAnybodyCanSendEndsOrChangesASession() throws IOException {
        for (Encounter each : List.of(session(), sessionWithId())) {
            try (Encounter encounter = each) {
                int before = encounter.down.sent().size();
                encounter.listener.onLoop(encounter.listener.receipts::clear);
                for (byte[] forgery : forgeries(overheard(encounter))) {
                    encounter.listener.arrive(forgery);
                }
                encounter.listener.onLoop(() -> {});
                assertThat(encounter.listener.receipts).containsOnly(Received.NOTHING);
                assertThat(encounter.down.sent()).hasSize(before);
                encounter.device.say("still here");
                assertThat(encounter.device.hearText()).isEqualTo("still here");
            }
        }
    }

    private static List<byte[]> forgeries(List<byte[]> overheard) {
        List<byte[]> forgeries = Forgeries.of(ID);
        byte[] alert = {21, (byte) 0xFE, (byte) 0xFD, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40};
        forgeries.add(alert);
        overheard.stream().map(DtlsEngineTest::renumbered).forEach(forgeries::add);
        return forgeries;
    }
}
