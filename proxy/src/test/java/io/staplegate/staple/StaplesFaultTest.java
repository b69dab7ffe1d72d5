package io.staplegate.staple;

import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.demo.OcspReply;
import io.staplegate.demo.StatusBook;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.LogLines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of two answers wins, and what the log says of them. What each fault leads to: {@code FaultMatrixTest}. */
final class StaplesFaultTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path state;

    private final TestClock clock = new TestClock(START);
    private Site site;
    private Staples staples;
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        site = new Site(clock);
        staples = site.room(state);
        identity = site.identity(Site.with(Site.config("gateway"), StatusScope.LEAF), site.leaf("gateway"));
    }

    @AfterEach
    void close() {
        staples.close();
        site.close();
    }

    @Test
    void aRevokedAnswerTakesTheGoodOnesPlaceAtOnce() throws Exception {
        staples.start(List.of(identity));
        clock.move(HOUR);
        site.book.revoke(identity.leaf());
        try (LogLines log = new LogLines(TrackedCertificate.class)) {
            staples.refresh("gateway");
            staples.refresh("gateway");

            assertThat(log.lines()).singleElement().asString().startsWith("ERROR certificate is revoked");
        }
        assertThat(leaf().answer().status()).isEqualTo(Status.REVOKED);
        assertThat(staples.current(identity).leafRevoked()).isTrue();
        assertThat(row().status()).isEqualTo("revoked");
        assertThat(site.telemetry.scrape("text/plain")).containsPattern("status=\"revoked\"} 1");
    }

    @Test
    void aRevokedLeafIsRefusedWhereTheConfigurationSaysSo() throws Exception {
        Identity refusing = site.identity(Site.with(identity.config(), OnRevoked.REFUSE), identity.leaf());
        staples.start(List.of(refusing));
        assertThat(staples.current(refusing).staples().getFirst()).isNotNull();

        clock.move(HOUR);
        site.book.revoke(refusing.leaf());
        staples.refresh("gateway");

        assertThat(staples.current(refusing).staples()).containsOnlyNulls();
        assertThat(staples.current(refusing).leafRevoked()).isTrue();
        assertThat(row().status()).isEqualTo("revoked");
        assertThat(row().thisUpdate()).isNull();
    }

    @Test
    void anOlderGoodAnswerDoesNotBringARevokedCertificateBack() throws Exception {
        staples.start(List.of(identity));
        clock.move(HOUR);
        site.book.revoke(identity.leaf());
        staples.refresh("gateway");

        site.book.restore(identity.leaf());
        site.responder().behave(replying(reply -> reply.valid(START, START.plus(VALIDITY.multipliedBy(2)))));
        staples.refresh("gateway");
        assertThat(leaf().answer().status()).isEqualTo(Status.REVOKED);

        clock.move(VALIDITY);
        staples.refresh("gateway");
        assertThat(leaf()).isNull();
        assertThat(row().status()).isEqualTo("revoked");
    }

    @Test
    void aNewerGoodAnswerDoesAsWhenAHoldIsRemoved() throws Exception {
        site.book.revoke(identity.leaf());
        staples.start(List.of(identity));
        assertThat(staples.current(identity).leafRevoked()).isTrue();

        clock.move(HOUR);
        site.book.restore(identity.leaf());
        staples.refresh("gateway");

        assertThat(leaf().answer().status()).isEqualTo(Status.GOOD);
        assertThat(staples.current(identity).leafRevoked()).isFalse();
    }

    @Test
    void anOlderAnswerDoesNotReplaceANewerOne() throws Exception {
        staples.start(List.of(identity));
        Staple held = leaf();

        Instant older = START.minus(HOUR);
        site.responder().behave(replying(reply -> reply.valid(older, older.plus(VALIDITY.multipliedBy(2)))));
        staples.refresh("gateway");

        assertThat(leaf()).isSameAs(held);
        assertThat(row().lastError()).isNull();
    }

    @Test
    void anUnknownCertificateKeepsItsGoodStapleUntilItEndsAndIsShownThen() throws Exception {
        staples.start(List.of(identity));
        site.book.forget(identity.leaf());
        staples.refresh("gateway");
        assertThat(leaf()).isNotNull();
        assertThat(row().lastError()).contains("does not know");

        clock.move(VALIDITY);

        assertThat(leaf()).isNull();
        assertThat(row().status()).isEqualTo("unknown");
    }

    @Test
    void anOutageIsOneLineAndItsEndAnother() throws Exception {
        List<Identity> many =
                Stream.of("a", "b", "c", "d", "e").map(site::identity).toList();
        try (LogLines log = new LogLines(OutageLog.class)) {
            site.responder().behave(Behaviour.status(503));
            staples.start(many);
            staples.refresh(null);
            assertThat(log.lines()).singleElement().asString().startsWith("WARN responder gives no usable answer");

            site.responder().behave(Behaviour.honest());
            staples.refresh(null);
            assertThat(log.lines()).hasSize(2).last().asString().startsWith("INFO responder answers again");
        }
    }

    private static Behaviour replying(UnaryOperator<OcspReply> change) {
        return exchange -> {
            OcspReply honest = StatusBook.asked(exchange.request().ocsp())
                    .flatMap(exchange.book()::reply)
                    .orElseThrow();
            Behaviour.responding(change.apply(honest).encode()).answer(exchange);
        };
    }

    private Staple leaf() {
        return staples.current(identity).staples().getFirst();
    }

    private StapleView row() {
        return staples.view().getFirst();
    }
}
