package io.staplegate.device;

import static io.staplegate.device.Site.await;
import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.device.Answers.Answer;
import io.staplegate.device.Site.Room;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswersTest {
    private Path directory;
    private Site site;
    private Room room;
    private X509Certificate device;
    private CertId id;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        directory = temporary;
        site = new Site(directory);
        room = site.room();
        device = site.device("thermostat");
        id = site.id(device);
    }

    @AfterEach
    void stop() {
        room.close();
        site.close();
    }

    @Test
    void fetchesWhatNobodyAskedForBefore() {
        Answer.Signed answer = signed(room.ask(id));

        assertThat(answer.answer().status()).isEqualTo(Status.GOOD);
        assertThat(answer.fetched()).isTrue();
    }

    @Test
    void answersAtOnceWhatItHas() {
        OcspAnswer first = signed(room.ask(id)).answer();

        CompletableFuture<Answer> second = room.begin(id);

        assertThat(second).isCompletedWithValue(new Answer.Signed(first, false));
        assertThat(site.responder.seen()).hasSize(1);
    }

    @Test
    void fetchesOnceForAllWhoAskAtATime() {
        var held = new ConcurrentLinkedQueue<Behaviour.Exchange>();
        site.responder.behave(held::add);

        List<CompletableFuture<Answer>> asks =
                IntStream.range(0, 500).mapToObj(_ -> room.begin(id)).toList();
        while (held.isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(asks).noneMatch(CompletableFuture::isDone);
        Behaviour.honest().answer(held.remove());

        Set<OcspAnswer> answers = new HashSet<>();
        asks.forEach(ask -> answers.add(signed(await(ask)).answer()));
        assertThat(answers).hasSize(1);
        assertThat(site.responder.seen()).hasSize(1);
    }

    @Test
    void whoeverMayNotFetchJoinsOthersAndBeginsNothing() {
        assertThat(await(room.answers().ask(id, () -> false))).isInstanceOf(Answer.NotAllowed.class);
        assertThat(site.responder.seen()).isEmpty();
        var held = new ConcurrentLinkedQueue<Behaviour.Exchange>();
        site.responder.behave(held::add);

        CompletableFuture<Answer> first = room.begin(id);
        while (held.isEmpty()) {
            Thread.onSpinWait();
        }
        CompletableFuture<Answer> joined = room.answers().ask(id, () -> false);
        Behaviour.honest().answer(held.remove());

        assertThat(signed(await(joined)).answer()).isSameAs(signed(await(first)).answer());
        assertThat(signed(await(room.answers().ask(id, () -> false))).fetched()).isFalse();
    }

    @Test
    void whoeverMayNotFetchGetsWhatIsOnDisk() {
        room.ask(id);
        await().until(() -> isOnDisk(id));

        try (Room other = site.room()) {
            assertThat(await(other.answers().ask(id, () -> false))).isInstanceOf(Answer.Signed.class);
        }
    }

    @Test
    void oneWhoGivesUpSpoilsNothingForTheOthers() {
        var held = new ConcurrentLinkedQueue<Behaviour.Exchange>();
        site.responder.behave(held::add);
        CompletableFuture<Answer> impatient = room.begin(id);
        CompletableFuture<Answer> other = room.begin(id);

        impatient.cancel(true);
        while (held.isEmpty()) {
            Thread.onSpinWait();
        }
        Behaviour.honest().answer(held.remove());

        assertThat(signed(await(other)).answer().status()).isEqualTo(Status.GOOD);
    }

    @Test
    void answersByTheHashThatWasAskedWith() {
        CertId bySha256 = CertId.of(CertIdHash.SHA256, device, site.ca.certificate());

        assertThat(signed(room.ask(id)).answer().hashes()).containsExactly(CertIdHash.SHA1);
        assertThat(signed(room.ask(bySha256)).answer().hashes()).containsExactly(CertIdHash.SHA256);
        assertThat(site.responder.seen()).hasSize(2);
    }

    @Test
    void doesNotTakeTheOtherHashForAnAnswer() {
        CertId bySha256 = CertId.of(CertIdHash.SHA256, device, site.ca.certificate());
        byte[] bySha1 = site.book.answer(OcspRequest.encode(id));
        site.responder.behave(Behaviour.responding(bySha1));

        assertThat(room.ask(bySha256)).isInstanceOf(Answer.NotKnown.class);
    }

    @Test
    void answersForNoOtherCa() {
        Authority foreign = Site.authority("Foreign CA");
        CertId foreignId = CertId.of(CertIdHash.SHA1, foreign.certificate(), device.getSerialNumber());

        assertThat(room.answers().isServed(foreignId)).isFalse();
        assertThat(room.ask(foreignId)).isInstanceOf(Answer.NotServed.class);
        assertThat(await(room.answers().forward(foreignId, OcspRequest.encode(foreignId))))
                .isInstanceOf(Answer.NotServed.class);
        assertThat(site.responder.seen()).isEmpty();
    }

    @Test
    void aCaOfTheSameNameIsAnother() {
        Authority namesake = Site.authority("Devices CA");
        CertId other = CertId.of(CertIdHash.SHA256, namesake.certificate(), device.getSerialNumber());

        assertThat(room.ask(other)).isInstanceOf(Answer.NotServed.class);
    }

    @Test
    void servesOthersAfterAReload() {
        Authority second = Site.authority("Second CA");
        site.book.open(second);
        CertId ofSecond = CertId.of(CertIdHash.SHA1, second.certificate(), device.getSerialNumber());
        room.ask(id);
        await().until(() -> isOnDisk(id));

        room.answers().serve(List.of(new Issuer(second.certificate(), List.of(site.responder.url()), List.of())));

        assertThat(room.ask(id)).isInstanceOf(Answer.NotServed.class);
        assertThat(signed(room.ask(ofSecond)).answer().status()).isEqualTo(Status.GOOD);

        room.answers().serve(List.of(site.issuer()));
        assertThat(signed(room.ask(id)).fetched()).as("still on disk").isFalse();
    }

    @Test
    void asksTheNextResponderThenTheUpstream() throws IOException {
        site.responder.behave(Behaviour.status(500));
        try (FaultyResponder next = FaultyResponder.start(site.book).behave(ResponseVariant.TRY_LATER);
                FaultyResponder upstream = FaultyResponder.start(site.book);
                Room other = site.room(1_000_000, upstream.url())) {
            other.answers().serve(List.of(site.issuer(site.responder.url(), next.url())));

            assertThat(signed(other.ask(id)).answer().status()).isEqualTo(Status.GOOD);
            assertThat(site.responder.seen()).hasSize(1);
            assertThat(next.seen()).hasSize(1);
            assertThat(upstream.seen()).hasSize(1);
        }
    }

    @Test
    void asksTheUpstreamOfACaWithoutResponder() throws IOException {
        try (Room other = site.room(1_000_000, site.responder.url())) {
            other.answers().serve(List.of(site.issuer(new URI[0])));

            assertThat(signed(other.ask(id)).answer().status()).isEqualTo(Status.GOOD);
        }
    }

    @Test
    void saysRevokedAndUnknownAsTheCaDoes() {
        X509Certificate unheardOf = site.device("unheard-of");
        site.book.revoke(device);
        site.book.forget(unheardOf);

        assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.REVOKED);
        assertThat(signed(room.ask(site.id(unheardOf))).answer().status()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void keepsUnknownForAMinuteAtMost() {
        site.book.forget(device);
        room.ask(id);
        site.book.restore(device);

        site.move(Duration.ofSeconds(59));
        assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.UNKNOWN);
        site.move(Duration.ofSeconds(1));
        assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.GOOD);
    }

    @Test
    void forwardsARequestAsItCameAndKeepsNothing() throws Exception {
        byte[] nonce = new byte[32];
        var extension = new Extension(
                OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(new DEROctetString(nonce)));
        byte[] request = new OCSPReqBuilder()
                .addRequest(StatusBook.asked(OcspRequest.encode(id)).orElseThrow())
                .setRequestExtensions(new Extensions(extension))
                .build()
                .getEncoded();
        List<byte[]> asked = new ArrayList<>();
        site.responder.behave(exchange -> {
            asked.add(exchange.request().ocsp());
            Behaviour.honest().answer(exchange);
        });

        Answer.Signed answer = signed(await(room.answers().forward(id, request)));

        assertThat(answer.answer().status()).isEqualTo(Status.GOOD);
        assertThat(asked).containsExactly(request);
        room.ask(id);
        assertThat(site.responder.seen()).as("fetched again: nothing was kept").hasSize(2);
    }

    @Test
    void verifiesWhatIsForwarded() {
        site.responder.behave(ResponseVariant.BAD_SIGNATURE);

        assertThat(await(room.answers().forward(id, OcspRequest.encode(id)))).isInstanceOf(Answer.NotKnown.class);
    }

    @Test
    void isBoundedInMemory() {
        try (Room small = site.room(100_000, null)) {
            small.answers().serve(List.of(site.issuer()));
            List<CertId> ids = IntStream.range(0, 300)
                    .mapToObj(i -> site.id(site.device("device " + i)))
                    .toList();
            ids.forEach(other -> signed(small.ask(other)));

            assertThat(small.answers().weight()).isPositive().isLessThanOrEqualTo(100_000);
            await().until(() -> ids.stream().allMatch(this::isOnDisk));
            ids.forEach(other -> signed(small.ask(other)));
            assertThat(site.responder.seen()).as("the others are on disk").hasSize(300);
        }
    }

    @Test
    void aClockThatIsBehindIsCorrectedByWhatADeviceHasFetched() {
        site.responder.behave(exchange -> {
            var response =
                    Responder.response(exchange.book().answer(exchange.request().ocsp()));
            response.headers().set(HttpHeaderNames.DATE, RFC_1123_DATE_TIME.format(Site.START.atZone(UTC)));
            var _ = exchange.context().writeAndFlush(response);
        });
        try (Room other = site.room(() -> Instant.EPOCH)) {
            assertThat(signed(other.ask(id)).answer().status()).isEqualTo(Status.GOOD);
        }
    }

    @Test
    void aClockThatIsBehindIsCorrectedByWhatIsOnDisk() {
        room.ask(id);
        await().until(() -> isOnDisk(id));

        try (Room other = site.room(() -> Instant.EPOCH)) {
            assertThat(signed(other.ask(id)).fetched()).isFalse();
        }
        assertThat(site.responder.seen()).hasSize(1);
    }

    @Test
    void isDoneWhenItIsClosed() {
        site.responder.behave(Behaviour.silent());
        CompletableFuture<Answer> ask = room.begin(id);

        room.answers().close();

        assertThat(await(ask)).isInstanceOf(Answer.NotKnown.class);
        assertThat(room.ask(site.id(site.device("late")))).isInstanceOf(Answer.NotKnown.class);
    }

    private boolean isOnDisk(CertId other) {
        return Files.exists(directory.resolve("answers").resolve(other.fileName() + ".ocsp"));
    }

    static Answer.Signed signed(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Signed.class);
        return (Answer.Signed) answer;
    }
}
