package io.staplegate.device;

import static io.staplegate.device.AnswersTest.signed;
import static io.staplegate.device.Site.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.device.Answers.Answer;
import io.staplegate.device.Site.Room;
import io.staplegate.fetch.Circuits;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What a room makes of responders and disks that fail. */
class AnswersFaultTest {
    private Path directory;
    private Site site;
    private X509Certificate device;
    private CertId id;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        directory = temporary;
        site = new Site(temporary);
        device = site.device("thermostat");
        id = site.id(device);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = ResponseVariant.class,
            mode = Mode.EXCLUDE,
            names = {"HONEST", "BY_NAME", "DELEGATED", "TWO_ENTRIES", "OLDER", "REVOKED", "UNKNOWN"})
    void takesNothingForAnAnswerThatDoesNotVerify(ResponseVariant variant) {
        site.responder.behave(variant);

        try (Room room = site.room()) {
            assertThat(room.ask(id)).isInstanceOf(Answer.NotKnown.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BY_NAME", "DELEGATED", "TWO_ENTRIES", "OLDER"})
    void takesWhateverVerifies(ResponseVariant variant) {
        site.responder.behave(variant);

        try (Room room = site.room()) {
            assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.GOOD);
        }
    }

    @Test
    void asksPastAnHttpCacheThatHasAnAnswerOfYesterday() {
        site.responder.behave(Behaviour.cachedYesterday());

        try (Room room = site.room()) {
            assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.GOOD);
        }
    }

    @Test
    void manyWhoAskInVainMakeFewRequests() {
        site.responder.behave(ResponseVariant.TRY_LATER);

        try (Room room = site.room()) {
            room.ask(id);
            IntStream.range(0, 1_000).forEach(_ -> assertThat(room.begin(id)).isCompleted());
            assertThat(site.responder.seen()).hasSize(1);

            site.move(Duration.ofSeconds(2));
            room.ask(id);
            assertThat(site.responder.seen()).hasSize(2);

            site.responder.behave(Behaviour.honest());
            site.move(Duration.ofSeconds(3));
            assertThat(room.ask(id)).as("four seconds after the second failure").isInstanceOf(Answer.NotKnown.class);
            site.move(Duration.ofSeconds(1));
            assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.GOOD);
        }
    }

    @Test
    void aClockThatIsSetBackHoldsNobodyUp() {
        site.responder.behave(Behaviour.status(503));

        try (Room room = site.room()) {
            room.ask(id);
            site.responder.behave(Behaviour.honest());
            site.move(Duration.ofDays(-3));

            assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.GOOD);
        }
    }

    @Test
    void nobodyWaitsForLongerThanTheTimeout(@TempDir Path other) throws IOException {
        try (Site hasty = new Site(other, Duration.ofMillis(300));
                Room room = hasty.room()) {
            hasty.responder.behave(Behaviour.silent());
            long begun = System.nanoTime();

            List<CompletableFuture<Answer>> asks = IntStream.range(0, 200)
                    .mapToObj(i -> room.begin(hasty.id(hasty.device("device " + i))))
                    .toList();

            assertThat(asks).allMatch(ask -> await(ask) instanceof Answer.NotKnown);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void doesNotAskWhoIsDown() {
        site.responder.behave(Behaviour.status(503));

        try (Room room = site.room()) {
            IntStream.range(0, 20).forEach(i -> room.ask(site.id(site.device("device " + i))));
            assertThat(site.responder.seen()).as("until the circuit opens").hasSize(3);

            site.responder.behave(Behaviour.honest());
            site.move(Duration.ofSeconds(38));
            assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.GOOD);
        }
    }

    @Test
    void whatItSaysOfADevicesQuestionKeepsNobodyFromAskingForStaples() {
        site.responder.behave(ResponseVariant.INTERNAL_ERROR);

        try (Room room = site.room()) {
            IntStream.range(0, 10).forEach(i -> room.ask(site.id(site.device("device " + i))));

            assertThat(room.client().circuits().isOpen(site.responder.url())).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 500})
    void anErrorOfHttpToADevicesQuestionKeepsNobodyFromAskingForStaples(int status) {
        site.responder.behave(Behaviour.retryAfter(status, Duration.ofHours(1)));

        try (Room room = site.room()) {
            IntStream.range(0, 10).forEach(i -> room.ask(site.id(site.device("device " + i))));

            assertThat(room.client().circuits().isOpen(site.responder.url())).isFalse();
        }
    }

    @Test
    void anUpstreamThatSaysTryLaterIsThere() {
        site.responder.behave(ResponseVariant.TRY_LATER);

        try (Room room = site.room(1_000_000, site.responder.url())) {
            room.answers().serve(List.of(site.issuer(new URI[0])));
            IntStream.range(0, 5).forEach(i -> room.ask(site.id(site.device("device " + i))));

            assertThat(site.responder.seen()).hasSize(5);
            assertThat(room.client().circuits().isOpen(site.responder.url())).isFalse();
        }
    }

    @Test
    void aWishForTimeThatADeviceBroughtAboutHoldsForThirtySeconds() {
        site.responder.behave(Behaviour.retryAfter(429, Duration.ofHours(1)));

        try (Room room = site.room()) {
            room.ask(id);
            Circuits circuits = room.client().circuits();
            assertThat(circuits.admits(site.responder.url())).isFalse();

            site.move(Duration.ofSeconds(30));
            assertThat(circuits.admits(site.responder.url())).isTrue();
        }
    }

    @Test
    void aProbeIsForOurOwnStaplesBeforeItIsForADevice() {
        site.responder.behave(Behaviour.reset());

        try (Room room = site.room()) {
            IntStream.range(0, 3).forEach(i -> room.ask(site.id(site.device("device " + i))));
            int requests = site.responder.seen().size();
            site.responder.behave(ResponseVariant.INTERNAL_ERROR);
            site.move(Duration.ofSeconds(33));

            room.ask(id);

            assertThat(site.responder.seen()).hasSize(requests);
            assertThat(room.client().circuits().admits(site.responder.url())).isTrue();
        }
    }

    @Test
    void neverServesWhatHasEnded() {
        try (Room room = site.room()) {
            Instant end = signed(room.ask(id)).answer().nextUpdate().minus(Site.LEEWAY);
            site.responder.behave(Behaviour.reset());

            site.now.set(end.minusSeconds(1));
            assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.GOOD);
            site.now.set(end);
            assertThat(room.ask(id)).isInstanceOf(Answer.NotKnown.class);
        }
    }

    @Test
    void refreshesAheadWhatIsInUse() {
        try (Room room = site.room()) {
            OcspAnswer first = signed(room.ask(id)).answer();
            site.now.set(Site.START.plus(Site.VALIDITY.multipliedBy(5).dividedBy(12)));
            room.ask(id); // the last time before half-life

            site.now.set(Site.START.plus(Site.VALIDITY.multipliedBy(5).dividedBy(8)));

            await().untilAsserted(() -> {
                Answer.Signed now = signed(room.ask(id));
                assertThat(now.answer().thisUpdate()).isAfter(first.thisUpdate());
                assertThat(now.fetched()).isFalse();
            });
        }
    }

    @Test
    void leavesAloneWhatNobodyHasAskedForSinceYesterday() {
        X509Certificate inUse = site.device("in use");
        try (Room room = site.room()) {
            room.ask(id);
            room.ask(site.id(inUse));
            site.now.set(Site.START.plus(Site.VALIDITY.multipliedBy(5).dividedBy(8)));
            room.ask(site.id(inUse));

            await().until(() -> site.responder.seen().size() >= 3);
        }
        assertThat(site.responder.seen()).hasSize(3);
    }

    @Test
    void servesTheLastGoodAnswerWhileARefreshFails() {
        try (Room room = site.room()) {
            OcspAnswer first = signed(room.ask(id)).answer();
            site.responder.behave(ResponseVariant.UNKNOWN);
            site.now.set(Site.START.plus(Site.VALIDITY.multipliedBy(5).dividedBy(8)));
            room.ask(id);

            await().until(() -> site.responder.seen().size() >= 2);
            assertThat(signed(room.ask(id)).answer()).isSameAs(first);
        }
    }

    @Test
    void learnsOfARevocationAhead() {
        try (Room room = site.room()) {
            room.ask(id);
            site.now.set(Site.START.plus(Site.VALIDITY.multipliedBy(5).dividedBy(8)));
            site.book.revoke(device);
            room.ask(id);

            await().untilAsserted(() ->
                    assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.REVOKED));
        }
    }

    @Test
    void answersFromDiskAfterARestartInAnOutage() {
        OcspAnswer first;
        try (Room room = site.room()) {
            first = signed(room.ask(id)).answer();
        }
        site.responder.behave(Behaviour.reset());

        try (Room room = site.room()) {
            Answer.Signed again = signed(room.ask(id));
            assertThat(again.answer().der()).isEqualTo(first.der());
            assertThat(again.fetched()).isFalse();
        }
        assertThat(site.responder.seen()).hasSize(1);
    }

    @Test
    void trustsNoDisk() throws IOException {
        try (Room room = site.room()) {
            room.ask(id);
        }
        Path file = onDisk();
        byte[] der = Files.readAllBytes(file);
        der[der.length - 1] ^= 1;
        Files.write(file, der);

        try (Room room = site.room()) {
            assertThat(signed(room.ask(id)).fetched()).isTrue();
        }
    }

    @Test
    void doesNotMistakeTheFileOfAnotherCertificate() throws IOException {
        CertId other = site.id(site.device("other"));
        try (Room room = site.room()) {
            room.ask(id);
        }
        Files.move(onDisk(), onDisk().resolveSibling(other.fileName() + ".ocsp"));

        try (Room room = site.room()) {
            assertThat(signed(room.ask(other)).fetched()).isTrue();
        }
    }

    @Test
    void doesNotServeFromDiskWhatHasEnded() {
        try (Room room = site.room()) {
            room.ask(id);
        }
        site.now.set(Site.START.plus(Site.VALIDITY));
        site.responder.behave(Behaviour.reset());

        try (Room room = site.room()) {
            assertThat(room.ask(id)).isInstanceOf(Answer.NotKnown.class);
        }
    }

    @Test
    void answersWithoutADisk() throws IOException {
        Files.writeString(directory.resolve("answers"), "a file where a folder should be");

        try (Room room = site.room()) {
            assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.GOOD);
            assertThat(signed(room.ask(id)).fetched()).isFalse();
        }
    }

    private Path onDisk() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("answers"))) {
            return files.filter(file -> file.toString().endsWith(".ocsp"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
