package io.staplegate.staple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.demo.StatusBook;
import io.staplegate.identity.Identity;
import io.staplegate.testing.Behaviour;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an appliance with hundreds of certificates does to their responder after a reboot. */
@Timeout(60)
final class StaplesHerdTest {
    private static final int PER_SECOND = 40;
    private static final int KEPT = 30;
    private static final int MUST = 50;
    private static final int AUTO = 130;

    @TempDir
    private Path state;

    /** A request, and when it came: nanoseconds. */
    private record Arrival(BigInteger serial, long at) {}

    private final List<Arrival> arrivals = Collections.synchronizedList(new ArrayList<>());

    private Site site;
    private List<Identity> kept;
    private List<Identity> must;
    private List<Identity> all;

    /** The certificates take longer to make than to staple: that counts for no limit of the test. */
    @BeforeEach
    void issue() throws Exception {
        site = new Site(InstantSource.system());
        kept = identities("kept", Stapling.AUTO, KEPT);
        must = identities("must", Stapling.MUST, MUST);
        List<Identity> auto = identities("auto", Stapling.AUTO, AUTO);
        all = new ArrayList<>(Stream.of(kept, must, auto).flatMap(List::stream).toList());
        Collections.shuffle(all, new Random(4));
        try (Staples before = site.room(state)) {
            before.start(kept);
        }
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void afterARebootOnlyWhatIsMissingIsAskedForInOrderOfNeedAndNoFasterThanConfigured() throws Exception {
        site.responder().behave(exchange -> {
            BigInteger serial =
                    StatusBook.asked(exchange.request().ocsp()).orElseThrow().getSerialNumber();
            arrivals.add(new Arrival(serial, System.nanoTime()));
            Behaviour.honest().answer(exchange);
        });
        try (Staples after = site.room(state, settings -> settings.requestsPerSecond(PER_SECOND))) {
            after.start(all);
            await().until(() -> all.stream()
                    .noneMatch(identity -> after.current(identity).staples().getFirst() == null));
        }

        List<Arrival> seen = List.copyOf(arrivals);
        assertThat(seen).hasSize(MUST + AUTO);
        // Those that are looked at together may overtake each other, on a busy machine.
        assertThat(serials(seen.subList(0, MUST + 2 * PER_SECOND))).containsAll(serials(must.stream()));
        assertNoFasterThanConfigured(seen);
    }

    /** In any second, however it is cut. What a busy machine holds up comes together with what follows. */
    private static void assertNoFasterThanConfigured(List<Arrival> seen) {
        int most = PER_SECOND + PER_SECOND / 2;
        assertThat(IntStream.range(0, seen.size() - most))
                .allSatisfy(first -> assertThat(Duration.ofNanos(seen.get(first + most).at - seen.get(first).at))
                        .isGreaterThan(Duration.ofSeconds(1)));
    }

    private static Set<BigInteger> serials(List<Arrival> arrivals) {
        Set<BigInteger> serials = new HashSet<>();
        arrivals.forEach(arrival -> serials.add(arrival.serial));
        return serials;
    }

    private static List<BigInteger> serials(Stream<Identity> identities) {
        return identities.map(identity -> identity.leaf().getSerialNumber()).toList();
    }

    private List<Identity> identities(String name, Stapling stapling, int many) {
        IdentityConfig config = Site.with(Site.with(Site.config(name), StatusScope.LEAF), stapling);
        return IntStream.range(0, many)
                .mapToObj(number -> site.identity(config, site.leaf(name)))
                .toList();
    }
}
