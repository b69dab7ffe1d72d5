package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.Site;
import io.staplegate.staple.ChainStaples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.MaxFragmentLength;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handshake from the cookie to the last flight, with a device in memory. */
final class DtlsHandshakeTest {
    private static final Site SITE = SmallListener.SITE;

    /** Handshakes that send nothing again in the time of a test. */
    private static final Handshakes PATIENT = SmallListener.handshakes(SITE.chainStaples(), Duration.ofMinutes(1));

    @Test
    void theListenerSendsThreeDatagrams() throws IOException {
        try (Encounter encounter = encounter(new MemoryDevice(), 1472).shakeHands()) {
            List<Integer> sizes = Datagrams.sizes(encounter.down.sent());
            assertThat(sizes).hasSize(3).startsWith(44).endsWith(14 + 61);
            assertThat(Datagrams.records(encounter.down.sent().get(1))).hasSize(1);
            assertThat(encounter.device.stapled).isTrue();
            encounter.device.say("hello");
            assertThat(encounter.device.hearText()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 257, 280, 333, 512, 576, 1000, 1232, 1400})
    void noDatagramIsLargerThanTheMtuWhateverTheStapleWeighs(int mtu) throws IOException {
        byte[] huge = new OCSPResponse(
                        new OCSPResponseStatus(OCSPResponseStatus.SUCCESSFUL),
                        new ResponseBytes(
                                OCSPObjectIdentifiers.id_pkix_ocsp_basic, new DEROctetString(new byte[30_000])))
                .getEncoded();
        Handshakes handshakes = SmallListener.handshakes(
                new ChainStaples(List.of(SITE.staple(huge, huge), SITE.staple(1)), false), Duration.ofMinutes(1));
        for (Handshakes each : List.of(PATIENT, handshakes)) {
            MemoryDevice device = new MemoryDevice().asksForAll();
            try (Encounter encounter = new Encounter(device, new SmallListener(each, mtu)).shakeHands()) {
                assertThat(encounter.down.sent()).allMatch(datagram -> datagram.length <= mtu);
                assertThat(encounter.listener.onLoop(
                                () -> encounter.listener.established.join().sendLimit()))
                        .isEqualTo(mtu - 13 - 24);
            }
        }
    }

    @Test
    void noRecordHoldsMoreThanTheDeviceAskedFor() throws IOException {
        MemoryDevice small = new MemoryDevice().maxFragmentLength(MaxFragmentLength.pow2_9);
        try (Encounter encounter = encounter(small, 1232).shakeHands()) {
            List<byte[]> flight =
                    encounter.down.sent().subList(1, encounter.down.sent().size() - 1);
            assertThat(flight).hasSize(2);
            assertThat(flight.stream().flatMap(datagram -> Datagrams.records(datagram).stream()))
                    .allMatch(record -> record.length <= 13 + 512)
                    .hasSizeBetween(4, 5);
            byte[] full = new byte[512];
            encounter.device.say(full);
            assertThat(encounter.device.hear(5000)).isEqualTo(full);
            assertThat(encounter.listener.onLoop(
                            () -> encounter.listener.established.join().sendLimit()))
                    .isEqualTo(512);
        }
    }

    @Test
    void aRepeatedHelloIsAnsweredWithTheSameFlight() throws IOException {
        MemoryDevice restless = new MemoryDevice().resendMillis(50);
        LossyPath.Fate late = (number, datagram) -> number == 1 ? List.of() : List.of(datagram);
        try (Encounter encounter =
                new Encounter(restless, new SmallListener(PATIENT, 1472), LossyPath.faithful(), late)) {
            encounter.shakeHands();
            List<byte[]> sent = encounter.down.sent();
            assertThat(Datagrams.withoutSequences(sent.get(2))).isEqualTo(Datagrams.withoutSequences(sent.get(1)));
            assertThat(sent.get(2)).isNotEqualTo(sent.get(1));
        }
    }

    /** But for alerts: in plaintext the device's own look the same. */
    @Test
    void whatAnybodyCanSendDoesNotEndIt() throws IOException {
        byte[] id = {1, 2, 3, 4, 5, 6};
        List<byte[]> forgeries = Forgeries.of(id).stream()
                .filter(record -> record[0] != ContentType.alert)
                .toList();
        SmallListener listener = new SmallListener(PATIENT, 1472).connectionId(id);
        LossyPath.Fate flooded = (number, datagram) -> {
            for (byte[] forgery : number >= 2 && number <= 4 ? forgeries : List.<byte[]>of()) {
                while (!listener.handshake().offer(forgery.clone())) {
                    assertThat(listener.established).isNotDone();
                }
            }
            return List.of(datagram);
        };
        MemoryDevice device = new MemoryDevice().connectionId();
        try (Encounter encounter = new Encounter(device, listener, flooded, LossyPath.faithful()).shakeHands()) {
            device.say("hello");
            assertThat(device.hearText()).isEqualTo("hello");
            assertThat(encounter.down.sent()).hasSize(4);
        }
    }

    @Test
    void aDevicesAlertIsSeen() {
        try (Encounter encounter = encounter(new MemoryDevice().trustsNobody(), 1232)) {
            assertThatThrownBy(encounter::shakeHands).isInstanceOf(TlsFatalAlert.class);
            assertThatThrownBy(() -> outcome(encounter)).isInstanceOf(CompletionException.class);
            assertThat(encounter.listener.peer().alertReceived())
                    .isEqualTo(AlertDescription.bad_certificate_status_response);
        }
    }

    @Test
    void aRefusalIsTold() {
        assertRefused(new MemoryDevice().serverName("unknown.example"), AlertDescription.unrecognized_name);
        assertRefused(new MemoryDevice().speaks(ProtocolVersion.DTLSv10), AlertDescription.protocol_version);
    }

    private static void assertRefused(MemoryDevice device, int alert) {
        try (Encounter encounter = new Encounter(device, new SmallListener(SmallListener.strictly(), 1232))) {
            assertThatThrownBy(encounter::shakeHands).isInstanceOf(IOException.class);
            assertThat(device.alert).isEqualTo(alert);
            assertThat(Datagrams.sizes(encounter.down.sent())).containsExactly(44, 15);
        }
    }

    @Test
    void anAbandonedHandshakeEndsWithoutAWord() throws IOException {
        try (Encounter encounter = new Encounter(
                new MemoryDevice().giveUpAfter(300),
                new SmallListener(PATIENT, 1472),
                LossyPath.losing(2, 3, 4, 5, 6, 7, 8, 9),
                LossyPath.faithful())) {
            assertThatThrownBy(encounter::shakeHands).isInstanceOf(IOException.class);
            int sent = encounter.down.sent().size();
            encounter.listener.handshake().abandon();
            assertThatThrownBy(() -> outcome(encounter)).hasCauseInstanceOf(InterruptedIOException.class);
            assertThat(encounter.down.sent()).hasSize(sent);
        }
    }

    @Test
    void dataThatCameBehindTheFinishedIsInTheEngine() throws IOException {
        List<byte[]> kept = new ArrayList<>();
        Handshakes handshakes = PATIENT;
        TlsSession session;
        try (Encounter first = new Encounter(new MemoryDevice(), new SmallListener(handshakes, 1232))) {
            session = first.shakeHands().device.session();
        }
        LossyPath.Fate gathering = (number, datagram) -> {
            if (number < 2) {
                return List.of(datagram);
            }
            kept.add(datagram);
            return kept.size() < 4 ? List.of() : List.of(joined(kept.subList(0, 3)), kept.get(3));
        };
        try (Encounter encounter = new Encounter(
                new MemoryDevice().resumes(session),
                new SmallListener(handshakes, 1232),
                gathering,
                LossyPath.faithful())) {
            encounter.device.connect();
            encounter.device.say("first");
            encounter.device.say("second");
            assertThat(encounter.device.hearText()).isEqualTo("first");
            assertThat(encounter.device.hearText()).isEqualTo("second");
        }
    }

    private static byte[] joined(List<byte[]> datagrams) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        datagrams.forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    @Test
    @SuppressWarnings("NullAway") // a handshake that does not run needs no request
    void noMoreThanSoMuchWaitsForAHandshake() {
        DtlsHandshake handshake =
                new DtlsHandshake(new MutualServer(SITE), Hellos.verified(), 1232, new SmallListener(1232));
        int taken = 0;
        while (handshake.offer(new byte[1000])) {
            taken++;
        }
        assertThat(taken).isBetween(16, 64);
        assertThat(handshake.offer(new byte[10])).isTrue();
    }

    private static Encounter encounter(MemoryDevice device, int mtu) {
        return new Encounter(device, new SmallListener(PATIENT, mtu));
    }

    private static DtlsEngine outcome(Encounter encounter) {
        return encounter.listener.established.orTimeout(10, TimeUnit.SECONDS).join();
    }
}
