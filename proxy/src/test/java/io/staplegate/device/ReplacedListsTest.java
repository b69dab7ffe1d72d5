package io.staplegate.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.testing.ListServer.Seen;
import io.staplegate.testing.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes in the place of a list: of another CA or kind, of no use, or before its time. */
final class ReplacedListsTest {
    private static final Authority CA = Site.authority("Devices CA");
    private static final Authority OTHER = Site.authority("Other CA");
    private static final String PATH = "/devices.crl";
    private static final Instant HALF_LIFE =
            Site.START.plus(CrlSite.VALIDITY.multipliedBy(5).dividedBy(8));

    private CrlSite site;
    private X509Certificate stolen;
    private X509Certificate guest;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        site = new CrlSite(directory);
        stolen = site.issue(CA, Issuance.named("stolen"));
        guest = site.issue(OTHER, Issuance.named("guest"));
        site.server()
                .put(
                        PATH,
                        list(Site.START)
                                .number(7)
                                .revoke(stolen.getSerialNumber(), 1)
                                .encode());
        configure();
        assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void aListOfAnotherCaTakesNothingFromTheFirstAndCountsByItself() throws IOException {
        site.server()
                .put(
                        PATH,
                        IssuedCrl.of(OTHER, HALF_LIFE, CrlSite.VALIDITY)
                                .number(1)
                                .encode());
        site.now().set(HALF_LIFE);

        await().until(() -> site.status(guest, OTHER) instanceof CrlStatus.Good);
        assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);

        site.server().remove(PATH);
        site.restart();
        configure();
        assertThat(site.status(guest, OTHER)).isInstanceOf(CrlStatus.Good.class);
        assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);
    }

    @Test
    void aDeltaOrAPartitionTakesNothingFromTheWholeList() {
        try (LogLines log = new LogLines(CrlSource.class)) {
            site.server().put(PATH, list(HALF_LIFE).number(8).deltaTo(2).encode());
            site.now().set(HALF_LIFE);
            await().until(() -> !log.lines().isEmpty());
            site.server()
                    .put(
                            PATH,
                            list(HALF_LIFE)
                                    .number(9)
                                    .partition("http://ca.example/2.crl")
                                    .encode());
            site.now().set(Site.START.plus(CrlSite.VALIDITY).minusSeconds(1));
            await().until(() -> log.lines().size() == 2);

            assertThat(log.lines()).allMatch(line -> line.contains("what came before stays"));
            assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);
        }
    }

    @Test
    void aListThatLastsForLongerPutsOffNoRefreshOfTheFirst() {
        Duration years = Duration.ofDays(900);
        site.server().put(PATH, IssuedCrl.of(OTHER, Site.START, years).number(9).encode());
        site.now().set(HALF_LIFE);
        await().until(() -> site.status(guest, OTHER) instanceof CrlStatus.Good);

        Instant later = Site.START.plus(CrlSite.VALIDITY).minusSeconds(60);
        site.server().put(PATH, list(later).number(8).encode());
        site.now().set(later);

        await().until(() -> site.status(stolen, CA) instanceof CrlStatus.Good);
    }

    @Test
    void aListOfNoUseIsSentOnce() {
        site.server().put(PATH, list(HALF_LIFE).signedBy(OTHER).encode());
        site.now().set(HALF_LIFE);
        awaitRequests(5, Duration.ofMinutes(2));
        assertThat(statuses()).startsWith(200, 200, 304, 304, 304);
        assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);

        site.server().put(PATH, list(HALF_LIFE).number(8).encode());
        awaitRequests(6, Duration.ofMinutes(2));
        await().until(() -> site.status(stolen, CA) instanceof CrlStatus.Good);
    }

    @Test
    void aListThatHasEndedIsAskedForOftenAndSentOnce() {
        Instant later = Site.START.plus(CrlSite.VALIDITY.multipliedBy(2));
        site.now().set(later);
        awaitRequests(5, Duration.ofSeconds(40));

        assertThat(statuses()).endsWith(304, 304).containsOnly(200, 304);
        assertThat(statuses().stream().filter(status -> status == 200).count()).isLessThanOrEqualTo(2);
        site.server().put(PATH, list(later).number(8).encode());
        awaitRequests(site.server().seen().size() + 1, Duration.ofSeconds(40));
        await().until(() -> site.status(stolen, CA) instanceof CrlStatus.Good);
    }

    @Test
    void aFileWhoseTimeHasNotComeIsReadWhenItHas(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("other.crl");
        Instant thisUpdate = Site.START.plus(Duration.ofHours(1));
        IssuedCrl list = IssuedCrl.of(OTHER, thisUpdate, CrlSite.VALIDITY).revoke(guest.getSerialNumber(), 1);
        Files.write(file, list.encode());
        Site.await(site.crls().configure(List.of(), List.of(file), List.of(OTHER.certificate())));
        assertThat(site.status(guest, OTHER)).isEqualTo(new CrlStatus.Unavailable());

        site.now().set(thisUpdate);

        await().until(() -> site.status(guest, OTHER) instanceof CrlStatus.Revoked);
    }

    @Test
    void aClockThatIsBehindAtTheStartCostsNothingThatIsOnDisk() throws IOException {
        site.server().remove(PATH);
        site.now().set(Instant.EPOCH);
        site.restart();
        configure();
        assertThat(site.status(stolen, CA)).isEqualTo(new CrlStatus.Unavailable());

        site.now().set(HALF_LIFE);

        await().until(() -> site.status(stolen, CA) instanceof CrlStatus.Revoked);
    }

    private void configure() {
        Site.await(site.crls()
                .configure(
                        List.of(site.server().url(PATH)), List.of(), List.of(CA.certificate(), OTHER.certificate())));
    }

    private List<Integer> statuses() {
        return site.server().seen().stream().map(Seen::status).toList();
    }

    private void awaitRequests(int count, Duration step) {
        await().until(() -> {
            site.now().updateAndGet(now -> now.plus(step));
            return site.server().seen().size() >= count;
        });
    }

    private static IssuedCrl list(Instant thisUpdate) {
        return IssuedCrl.of(CA, thisUpdate, CrlSite.VALIDITY);
    }
}
