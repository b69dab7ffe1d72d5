package io.staplegate.staple;

import static io.staplegate.staple.Site.SKEW;
import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.staplegate.demo.Responder;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.identity.Identity;
import io.staplegate.testing.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy whose clock is wrong, beside a CA whose clock is right. */
final class StaplesClockTest {
    private static final Instant EPOCH = Instant.parse("1970-01-01T00:00:10Z");

    @TempDir
    private Path state;

    private final TestClock truth = new TestClock(START);
    private final TestClock clock = new TestClock(START);
    private Site site;
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        site = new Site(truth);
        site.responder().behave(dated());
        identity = site.identity("gateway");
    }

    @AfterEach
    void close() {
        site.close();
    }

    /** Without a battery a clock begins in 1970, or when its image was built, or where it stood at the last stop. */
    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:10Z", "2020-01-01T00:00:00Z", "2026-02-28T23:50:00Z"})
    void aStartInThePastHasItsStaplesAtOnceWhereTheResponderAnswers(Instant wrong) throws Exception {
        clock.set(wrong);
        try (Staples staples = room()) {
            long begun = System.nanoTime();
            staples.start(List.of(identity));

            assertStapled(staples);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
            assertThat(staples.view())
                    .allSatisfy(row -> assertThat(row.nextRefresh()).isAfter(START));
        }
    }

    @Test
    void aStartInThePastWithoutAResponderServesWhatIsKeptForAsLongAsItLasts() throws Exception {
        fillTheDisk();
        clock.set(EPOCH);
        try (Staples staples = room()) {
            staples.start(List.of(identity));
            assertStapled(staples);

            clock.move(VALIDITY.minus(Duration.ofMinutes(1)));
            assertStapled(staples);
            clock.move(Duration.ofMinutes(1));
            assertThat(staples.current(identity).staples()).containsOnlyNulls();
        }
    }

    /** As after a restore of a backup that keeps no times: nothing says then how old the files are. */
    @Test
    void filesWhoseTimesDoNotAgreeWithTheirAnswersWaitUntilTheClockIsSet() throws Exception {
        fillTheDisk();
        for (Path file : files()) {
            Files.setLastModifiedTime(file, FileTime.from(EPOCH));
        }
        clock.set(EPOCH);
        try (Staples staples = room()) {
            staples.start(List.of(identity));
            assertThat(staples.current(identity).staples()).containsOnlyNulls();

            clock.set(START.plus(Duration.ofHours(1)));
            await().untilAsserted(() -> assertStapled(staples));
        }
    }

    @Test
    void aClockThatIsSetRightAfterACorrectionCostsNoStaple() throws Exception {
        clock.set(EPOCH);
        try (Staples staples = room()) {
            staples.start(List.of(identity));
            ChainStaples before = staples.current(identity);
            site.stopResponder();

            clock.set(START.plusSeconds(3));
            assertThat(staples.current(identity)).isSameAs(before);
            clock.move(VALIDITY.minus(Duration.ofMinutes(1)));
            assertStapled(staples);
        }
    }

    @Test
    void aResponderThatComesBackMovesAClockThatFilesHadMovedLessFar() throws Exception {
        fillTheDisk();
        clock.set(EPOCH);
        truth.move(Duration.ofDays(30));
        try (Staples staples = room()) {
            staples.start(List.of(identity));
            assertThat(kept(staples)).allMatch(START::equals);

            site.startResponder();
            site.responder().behave(dated());
            staples.refresh(null);
            assertThat(kept(staples)).allMatch(truth.instant()::equals);
        }
    }

    @Test
    void aClockThatIsAheadStaplesNothingThatHasEndedByItAndDeletesNothing() throws Exception {
        fillTheDisk();
        site.startResponder();
        site.responder().behave(dated());
        clock.set(START.plus(Duration.ofDays(1_000)));
        Identity other = site.identity("other");
        try (Staples staples = room()) {
            staples.start(List.of(other));
            assertThat(staples.current(other).staples()).containsOnlyNulls();
            assertThat(site.telemetry.scrape("text/plain")).contains("staplegate_clock_offset_seconds -8.64E7");
            assertThat(files()).hasSize(2);

            clock.set(START);
            await().untilAsserted(
                            () -> assertThat(staples.current(other).staples()).doesNotContainNull());
        }
    }

    @Test
    void aFalseDateCostsAClockThatIsRightNothing() throws Exception {
        site.responder().behave(dated(START.plus(VALIDITY)));
        try (Staples staples = room()) {
            staples.start(List.of(identity));

            assertStapled(staples);
            assertThat(kept(staples)).allMatch(START::equals);
        }
    }

    private Staples room() {
        return site.room(state, UnaryOperator.identity(), new ClockGuard(clock, clock::nanos, SKEW, site.telemetry));
    }

    /** Leaves staples behind, and no responder. */
    private void fillTheDisk() throws Exception {
        try (Staples staples = room()) {
            staples.start(List.of(identity));
        }
        site.stopResponder();
        assertThat(files()).hasSize(2);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(state)) {
            return all.filter(file -> file.toString().endsWith(".ocsp")).toList();
        }
    }

    private void assertStapled(Staples staples) {
        assertThat(staples.current(identity).staples()).doesNotContainNull();
    }

    /** When, by its own clock, the proxy got what it staples. */
    private List<Instant> kept(Staples staples) {
        return staples.current(identity).staples().stream()
                .map(Staple::fetchedAt)
                .toList();
    }

    /** Answers as the book says, with the true time in the header. */
    private Behaviour dated() {
        return exchange -> dated(truth.instant()).answer(exchange);
    }

    private static Behaviour dated(Instant date) {
        return exchange -> {
            var response =
                    Responder.response(exchange.book().answer(exchange.request().ocsp()));
            response.headers().set(HttpHeaderNames.DATE, RFC_1123_DATE_TIME.format(date.atZone(UTC)));
            var _ = exchange.context().writeAndFlush(response);
        };
    }
}
