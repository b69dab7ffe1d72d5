package io.staplegate.staple;

import static io.staplegate.staple.Site.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.StatusBook;
import io.staplegate.identity.Identity;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What certificates that their responder never answers do to those beside them that it does. */
@Timeout(60)
final class StaplesSharedResponderTest {
    private static final int MANY = 20;
    private static final int A_FEW = 5;
    /** A probe is due after it; no jump of the clock. */
    private static final Duration A_PROBE = Duration.ofSeconds(34);

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
        assertThat(site.openCircuits()).isZero();
        assertThat(requests(refused)).as("with either hash").hasSize(2 * MANY);

        clock.move(Duration.ofSeconds(59));
        await().during(Duration.ofMillis(200)).until(() -> requests(refused).size() == 2 * MANY);
        clock.move(Duration.ofSeconds(59));
        await().until(() -> requests(refused).size() > 2 * MANY);
    }

    @Test
    void aCaThatIsNeverAnsweredDoesNotKeepAnotherCaWaitingAtTheStart() throws Exception {
        List<Identity> foreign = foreignIdentities();
        List<Identity> good = identities("good");
        answerBut(foreign, Behaviour.status(500));
        staples.start(foreign);
        awaitQuiet();
        staples.retarget(Stream.concat(foreign.stream(), good.stream()).toList());
        assertThat(site.openCircuits()).isEqualTo(1);

        passAFewProbes();
        assertThat(good).allMatch(this::isStapled);
    }

    @Test
    void aCaThatIsNeverAnsweredDoesNotKeepAnotherCaWaitingForARefresh() throws Exception {
        List<Identity> foreign = foreignIdentities();
        List<Identity> good = identities("good");
        answerBut(foreign, Behaviour.status(500));
        staples.start(Stream.concat(foreign.stream(), good.stream()).toList());
        passAFewProbes();
        assertThat(good).allMatch(this::isStapled);

        Instant due = START.plus(Site.VALIDITY.multipliedBy(5).dividedBy(8)); // the first look at the latest
        clock.set(due);
        passAFewProbes();
        assertThat(staples.view())
                .filteredOn(row -> row.identity().startsWith("good") && row.position() == 0)
                .allSatisfy(row -> assertThat(row.thisUpdate()).isAfterOrEqualTo(due));
    }

    /** Far fewer than there are certificates that fail. */
    private void passAFewProbes() {
        for (int probe = 0; probe < A_FEW; probe++) {
            awaitQuiet();
            clock.move(A_PROBE);
        }
        awaitQuiet();
    }

    /** Until nobody asks any more, and all who have know what came of it. */
    private void awaitQuiet() {
        AtomicInteger before = new AtomicInteger(-1);
        await().during(Duration.ofMillis(200))
                .until(() -> asked.size() == before.getAndSet(asked.size()) && site.looks() == asked.size());
    }

    /** Of another CA. */
    private List<Identity> foreignIdentities() {
        KeyPair keys = Authority.newKeys("EC");
        Authority other = site.root.intermediate(
                Issuance.named("Other").valid(START.minus(Duration.ofDays(1)), Duration.ofDays(365)));
        site.book.open(other);
        return IntStream.range(0, MANY)
                .mapToObj(number -> {
                    X509Certificate leaf = other.issue(site.leaf("foreign-" + number), keys.getPublic());
                    return new Identity(
                            Site.with(Site.config("foreign-" + number), StatusScope.LEAF),
                            List.of(leaf, other.certificate()),
                            List.of(site.root.certificate()),
                            keys.getPrivate(),
                            false);
                })
                .toList();
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

    private List<Identity> identities(String name) {
        return IntStream.range(0, MANY)
                .mapToObj(number -> site.identity(
                        Site.with(Site.config(name + "-" + number), StatusScope.LEAF), site.leaf(name + "-" + number)))
                .toList();
    }
}
