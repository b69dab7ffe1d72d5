package io.staplegate.staple;

import static io.staplegate.staple.Site.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.demo.StatusBook;
import io.staplegate.identity.Identity;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What certificates that their responder never answers do to those beside them that it does. */
@Timeout(60)
final class StaplesSharedResponderTest {
    private static final int MANY = 10;

    @TempDir
    private Path state;

    private final TestClock clock = new TestClock(START);
    private final List<BigInteger> asked = new CopyOnWriteArrayList<>();
    private Site site;
    private Staples staples;

    @BeforeEach
    void open() throws IOException {
        site = new Site(clock);
        staples = site.room(state);
    }

    @AfterEach
    void close() {
        staples.close();
        site.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"MALFORMED_REQUEST", "SIG_REQUIRED", "UNAUTHORIZED"})
    void aResponderThatRefusesSomeRequestsIsNotDown(ResponseVariant refusal) throws Exception {
        List<Identity> refused = identities("refused");
        List<Identity> good = identities("good");
        answerBut(refused, Behaviour.responding(refusal));
        staples.start(Stream.concat(refused.stream(), good.stream()).toList());

        assertThat(good).allMatch(this::isStapled);
        assertThat(openCircuits()).isZero();
        assertThat(requests(refused)).as("with either hash").hasSize(2 * MANY);

        clock.move(Duration.ofSeconds(59));
        await().during(Duration.ofMillis(200)).until(() -> requests(refused).size() == 2 * MANY);
        clock.move(Duration.ofSeconds(59));
        await().until(() -> requests(refused).size() > 2 * MANY);
    }

    private void answerBut(List<Identity> some, Behaviour fault) {
        Set<BigInteger> faulty = serials(some);
        site.responder().behave(exchange -> {
            BigInteger serial =
                    StatusBook.asked(exchange.request().ocsp()).orElseThrow().getSerialNumber();
            asked.add(serial);
            (faulty.contains(serial) ? fault : Behaviour.honest()).answer(exchange);
        });
    }

    private List<BigInteger> requests(List<Identity> about) {
        Set<BigInteger> serials = serials(about);
        return asked.stream().filter(serials::contains).toList();
    }

    private static Set<BigInteger> serials(List<Identity> identities) {
        return identities.stream()
                .map(identity -> identity.leaf().getSerialNumber())
                .collect(Collectors.toSet());
    }

    private boolean isStapled(Identity identity) {
        return staples.current(identity).staples().getFirst() != null;
    }

    private long openCircuits() {
        return site.telemetry
                .scrape("text/plain")
                .lines()
                .filter(line -> line.startsWith("staplegate_responder_circuit_open{") && line.endsWith(" 1.0"))
                .count();
    }

    private List<Identity> identities(String name) {
        return IntStream.range(0, MANY)
                .mapToObj(number -> site.identity(
                        Site.with(Site.config(name + "-" + number), StatusScope.LEAF), site.leaf(name + "-" + number)))
                .toList();
    }
}
