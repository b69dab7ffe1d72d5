package io.staplegate.staple;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.Identity;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Responders that are asked beside one another: when the next one is, and what becomes of the slower. */
@Timeout(60)
final class RaceTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path state;

    private LadderSite at;
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        at = new LadderSite(state);
        identity = at.identity("gateway");
    }

    @AfterEach
    void close() {
        at.close();
    }

    @Test
    void aSilentResponderIsOvertakenByTheNextAndItsRequestIsCancelled() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        at.first.behave(exchange -> {
            var _ = exchange.context().channel().closeFuture().addListener(_ -> cancelled.countDown());
        });
        at.staples.start(List.of(identity));

        assertRung("next_responder");
        cancelled.await();
        assertThat(at.first.seen()).hasSize(1);
        assertThat(at.second.seen()).hasSize(1);
        assertThat(at.upstream.seen()).isEmpty();
    }

    @Test
    void aResponderIsHeldAgainstItsOwnRecentPace() throws Exception {
        at.first.behave(Behaviour.delayed(Duration.ofMillis(900), Behaviour.honest()));
        at.staples.start(List.of(identity));
        assertThat(at.second.seen()).isEmpty();

        at.recently(at.first, Duration.ofMillis(5));
        at.clock.move(HOUR);
        at.staples.refresh("gateway");

        assertRung("next_responder");
        assertThat(at.first.seen()).hasSize(2);
        assertThat(at.second.seen()).hasSize(1);
    }

    @Test
    void aResponderThatIsAlwaysSlowIsGivenItsTime() throws Exception {
        at.recently(at.first, Duration.ofSeconds(3));
        at.first.behave(Behaviour.delayed(Duration.ofMillis(1_500), Behaviour.honest()));
        at.staples.start(List.of(identity));

        assertRung("responder");
        assertThat(at.second.seen()).isEmpty();
    }

    @Test
    void waitingForAPlaceIsNotTheRespondersFault() throws Exception {
        at.recently(at.first, Duration.ofSeconds(1));
        at.first.behave(Behaviour.delayed(Duration.ofMillis(300), Behaviour.honest()));
        List<Identity> many = IntStream.range(0, 40)
                .mapToObj(number -> "device-" + number)
                .map(at::identity)
                .toList();

        at.staples.start(many);

        assertThat(at.staples.view()).extracting(StapleView::rung).containsOnly("responder", null);
        assertThat(at.first.seen()).hasSize(40);
        assertThat(at.second.seen()).isEmpty();
    }

    @Test
    void aSilentResponderIsKnownToBeDownAlthoughOthersAnswerForIt() throws Exception {
        at.first.behave(Behaviour.silent());
        long begun = System.nanoTime();
        at.staples.start(List.of(identity));
        at.staples.refresh("gateway");
        at.staples.refresh("gateway");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        String responder = ResponderClient.hostPort(at.first.url());
        assertThat(at.site.telemetry.scrape("text/plain"))
                .contains("staplegate_responder_circuit_open{responder=\"" + responder + "\"} 1.0")
                .contains("outcome=\"cancelled\",responder=\"" + responder + "\"");
    }

    @Test
    void aResponderThatFallsSilentIsKnownToBeDownAlthoughAFastOneAnswersForIt() throws Exception {
        at.recently(at.first, Duration.ofMillis(5));
        at.first.behave(Behaviour.silent());
        at.staples.start(List.of(identity));
        for (int look = 0; look < 10; look++) {
            at.staples.refresh("gateway");
        }

        String responder = ResponderClient.hostPort(at.first.url());
        assertThat(at.site.telemetry.scrape("text/plain"))
                .contains("staplegate_responder_circuit_open{responder=\"" + responder + "\"} 1.0");
    }

    @Test
    void whereTheFirstFailsTheNextIsAskedAtOnce() throws Exception {
        FaultyResponder dead = FaultyResponder.start(at.site.book);
        dead.close();
        at.recently(dead, Duration.ofSeconds(3));
        identity = at.identity("gateway", List.of(dead.url(), at.second.url()));
        long begun = System.nanoTime();
        at.staples.start(List.of(identity));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        assertRung("next_responder");
        assertThat(at.row().lastError()).isNull();
    }

    @Test
    void aStopCancelsAllThatIsUnderWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch ended = new CountDownLatch(2);
        for (FaultyResponder responder : List.of(at.first, at.second)) {
            responder.behave(exchange -> {
                var _ = exchange.context().channel().closeFuture().addListener(_ -> ended.countDown());
                asked.countDown();
            });
        }
        Thread starter = Thread.startVirtualThread(() -> {
            try {
                at.staples.start(List.of(identity));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        asked.await();

        at.staples.close();

        ended.await();
        starter.join();
        assertThat(at.upstream.seen()).isEmpty();
    }

    private void assertRung(String rung) {
        assertThat(at.row().rung()).isEqualTo(rung);
    }
}
