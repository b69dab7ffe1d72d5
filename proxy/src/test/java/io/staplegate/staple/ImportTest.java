package io.staplegate.staple;

import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.staple.Imported.Outcome;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Responses that are carried to a proxy with no path to the CA. */
final class ImportTest {
    @TempDir
    private Path state;

    private final TestClock clock = new TestClock(START);
    private Site site;
    private Staples staples;

    /** Its certificate names no responder: there is nobody to ask. */
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        site = new Site(clock);
        staples = site.room(state.resolve("here"));
        identity = silent("gateway", site.intermediate, null);
    }

    @AfterEach
    void close() {
        staples.close();
        site.close();
    }

    @Test
    void aCertificateWithoutAResponderIsStapledWhatWasCarriedIn() throws Exception {
        staples.start(List.of(identity));
        assertThat(staples.view().getFirst().status()).isEqualTo("absent");
        byte[] response = reply().encode();
        clock.move(Duration.ofHours(3));

        Imported result = take(response);

        String serial = StapleTarget.serial(leafOf(identity));
        assertThat(result).isEqualTo(new Imported(Outcome.ACCEPTED, serial, START, START.plus(VALIDITY), null));
        assertThat(leaf(staples).dressed()).isEqualTo(response);
        assertThat(leaf(staples).fetchedAt()).isEqualTo(clock.instant());
        assertThat(staples.view().getFirst()).satisfies(row -> {
            assertThat(row.status()).isEqualTo("good");
            assertThat(row.rung()).isEqualTo("imported");
            assertThat(row.thisUpdate()).isEqualTo(START);
            assertThat(row.nextRefresh()).as("there is nobody to ask").isNull();
        });
        assertThat(site.telemetry.scrape("text/plain"))
                .contains("staplegate_refreshes_by_rung_total{rung=\"imported\"} 1.0");
        assertThat(site.responder().seen()).isEmpty();
    }

    @Test
    void whatWasCarriedInOutlivesARestart() throws Exception {
        staples.start(List.of(identity));
        take(reply().encode());
        staples.close();
        clock.move(Duration.ofDays(1));

        staples = site.room(state.resolve("here"));
        staples.start(List.of(identity));

        assertThat(leaf(staples).fetchedAt()).isEqualTo(START);
    }

    @Test
    void aCertIdWithEitherHashIsOurs() throws Exception {
        staples.start(List.of(identity));
        assertThat(take(reply(true).encode()).outcome()).isEqualTo(Outcome.ACCEPTED);
        clock.move(Duration.ofHours(1));
        assertThat(take(reply(false).and(reply(true)).encode()).outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void nothingOlderReplacesWhatIsHeldNorTakesARevocationBack() throws Exception {
        staples.start(List.of(identity));
        byte[] first = reply().encode();
        clock.move(Duration.ofHours(1));
        byte[] second = reply().encode();

        assertThat(take(second).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(take(second).outcome()).isEqualTo(Outcome.NOT_NEWER);
        assertThat(take(first).outcome()).isEqualTo(Outcome.NOT_NEWER);
        assertThat(leaf(staples).dressed()).isEqualTo(second);

        site.book.revoke(leafOf(identity));
        assertThat(take(reply().encode()).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(take(second).outcome()).isEqualTo(Outcome.NOT_NEWER);
        assertThat(leaf(staples).answer().status()).isEqualTo(Status.REVOKED);
    }

    @ParameterizedTest
    @EnumSource(ResponseVariant.class)
    void onlyWhatAResponderMightSayIsTaken(ResponseVariant variant) throws Exception {
        staples.start(List.of(identity));

        Imported result = take(variant.of(reply()));

        assertThat(result.outcome())
                .isEqualTo(
                        switch (variant) {
                            case HONEST, BY_NAME, BY_SHA256, DELEGATED, TWO_ENTRIES, OLDER, REVOKED -> Outcome.ACCEPTED;
                            case WRONG_SERIAL, WRONG_ISSUER_NAME, WRONG_ISSUER_KEY, WRONG_HASH -> Outcome.FOREIGN;
                            case TRY_LATER,
                                    INTERNAL_ERROR,
                                    UNAUTHORIZED,
                                    SIG_REQUIRED,
                                    MALFORMED_REQUEST,
                                    CUT_SHORT,
                                    OVERSIZE -> Outcome.UNREADABLE;
                            default -> Outcome.REFUSED;
                        });
        boolean taken = result.outcome() == Outcome.ACCEPTED;
        assertThat(staples.current(identity).staples().getFirst() != null).isEqualTo(taken);
        assertThat(result.reason() == null).isEqualTo(taken || result.outcome() == Outcome.FOREIGN);
    }

    @Test
    void whatIsNoResponseIsToldAndChangesNothing() throws Exception {
        staples.start(List.of(identity));
        byte[] good = reply().encode();
        List<byte[]> junk = List.of(
                new byte[0],
                "not a response".getBytes(StandardCharsets.US_ASCII),
                Arrays.copyOf(good, good.length - 1),
                Arrays.copyOf(good, good.length + 1),
                leafOf(identity).getEncoded(),
                new byte[Imported.MAX_BYTES + 1]);

        assertThat(junk).allSatisfy(bytes -> assertThat(take(bytes).outcome()).isEqualTo(Outcome.UNREADABLE));
        assertThat(staples.export()).isEmpty();
    }

    @Test
    void ofTwoCertificatesWithOneSerialEachGetsItsOwn() throws Exception {
        Authority other = site.root.intermediate(
                Issuance.named("Other").valid(START.minus(Duration.ofDays(1)), Duration.ofDays(90)));
        BigInteger serial = BigInteger.TWO;
        Identity one = silent("one", site.intermediate, serial);
        Identity two = silent("two", other, serial);
        site.book.open(other);
        staples.start(List.of(one, two));

        assertThat(staples.importResponse(reply(two, false).encode(), null))
                .extracting(Imported::outcome)
                .containsExactly(Outcome.ACCEPTED);

        assertThat(staples.current(one).staples()).containsOnlyNulls();
        assertThat(staples.current(two).staples().getFirst()).isNotNull();
    }

    @Test
    void aStartThatWaitsForAStapleGoesOnWhenItIsCarriedIn() throws Exception {
        site.responder().behave(Behaviour.status(503));
        Identity must = site.identity(
                Site.with(Site.with(Site.config("must"), StatusScope.LEAF), Stapling.MUST), site.leaf("must"));
        CompletableFuture<Void> started = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                staples.start(List.of(must));
                started.complete(null);
            } catch (InterruptedException | RuntimeException e) {
                started.completeExceptionally(e);
            }
        });
        await().until(() -> !site.responder().seen().isEmpty());
        assertThat(started).isNotDone();

        take(reply(must, false).encode());

        started.get(10, TimeUnit.SECONDS);
        assertThat(staples.ready()).isTrue();
    }

    @Test
    void whatIsExportedIsOneResponseACertificateAndImportsElsewhere() throws Exception {
        Identity one = site.identity("one");
        Identity two = site.identity("two");
        staples.start(List.of(one, two));

        List<PortableResponse> exported = staples.export();

        assertThat(exported).extracting(PortableResponse::identity).containsExactly("one", "one", "two");
        assertThat(exported).extracting(PortableResponse::file).doesNotHaveDuplicates();
        assertThat(exported).allSatisfy(response -> {
            assertThat(response.file()).startsWith(response.certificate()).matches(PortableResponse.FILE_NAME);
            assertThat(response.thisUpdate()).isEqualTo(START);
            assertThat(response.nextUpdate()).isEqualTo(START.plus(VALIDITY));
            assertThat(response.fetchedAt()).isEqualTo(START);
        });

        site.stopResponder();
        try (Staples elsewhere =
                site.room(state.resolve("there"), settings -> settings.patience(Duration.ofMillis(1)))) {
            elsewhere.start(List.of(one, two));
            assertThat(exported)
                    .allSatisfy(response -> assertThat(elsewhere.importResponse(response.response(), null))
                            .extracting(Imported::outcome)
                            .containsExactly(Outcome.ACCEPTED));
            assertThat(elsewhere.current(one).staples()).doesNotContainNull();
            assertThat(elsewhere.current(two).staples()).doesNotContainNull();
        }
        clock.move(VALIDITY);
        assertThat(staples.export()).as("what has ended stays here").isEmpty();
    }

    /** Nothing else tells the time behind an air gap. */
    @Test
    void aProxyWithoutAClockTakesWhatIsCarriedInByTheTimeOfItsFile() throws Exception {
        byte[] response = reply().encode();
        Instant written = START.plus(Duration.ofHours(1));
        ClockGuard guard = new ClockGuard(() -> Instant.EPOCH, () -> 0, Site.SKEW, site.telemetry);
        try (Staples behind =
                site.room(state.resolve("there"), settings -> settings.patience(Duration.ofMillis(1)), guard)) {
            behind.start(List.of(identity));
            assertThat(behind.importResponse(response, null))
                    .as("without that time")
                    .extracting(Imported::outcome)
                    .containsExactly(Outcome.REFUSED);

            assertThat(behind.importResponse(response, written))
                    .extracting(Imported::outcome)
                    .containsExactly(Outcome.ACCEPTED);
            assertThat(leaf(behind).fetchedAt()).isEqualTo(written);
        }
    }

    private Imported take(byte[] response) {
        List<Imported> results = staples.importResponse(response, null);
        assertThat(results).hasSize(1);
        return results.getFirst();
    }

    private Staple leaf(Staples room) {
        Staple leaf = room.current(identity).staples().getFirst();
        assertThat(leaf).isNotNull();
        return leaf;
    }

    private Identity silent(String name, Authority issuer, @Nullable BigInteger serial) {
        Issuance leaf = Issuance.named(name)
                .valid(START.minus(Duration.ofDays(1)), Duration.ofDays(90))
                .serverAuth();
        X509Certificate certificate = issuer.issue(
                serial == null ? leaf : leaf.serial(serial),
                Authority.newKeys("EC").getPublic());
        List<X509Certificate> chain = List.of(certificate, issuer.certificate());
        return new Identity(
                Site.with(Site.config(name), StatusScope.LEAF),
                chain,
                List.of(site.root.certificate()),
                Authority.newKeys("EC").getPrivate(),
                false);
    }

    private OcspReply reply() {
        return reply(false);
    }

    private OcspReply reply(boolean sha256) {
        return reply(identity, sha256);
    }

    /** What the CA says now of an identity's leaf. */
    private OcspReply reply(Identity of, boolean sha256) {
        X509Certificate issuer = of.chain().get(1);
        return site.book.reply(OcspReply.certId(leafOf(of), issuer, sha256)).orElseThrow();
    }

    private static X509Certificate leafOf(Identity identity) {
        return identity.chain().getFirst();
    }
}
