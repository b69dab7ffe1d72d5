package io.staplegate.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.ocsp.RevocationReason;
import io.staplegate.testing.ListServer;
import io.staplegate.testing.ListServer.Seen;
import io.staplegate.testing.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that certificates name: fetched when one is asked about, kept, and kept fresh. */
final class CrlsTest {
    private static final Authority CA = Site.authority("Devices CA");
    private static final Authority OTHER = Site.authority("Other CA");
    private static final String PATH = "/devices.crl";
    private static final Instant HALF_LIFE =
            Site.START.plus(CrlSite.VALIDITY.multipliedBy(5).dividedBy(8));

    private CrlSite site;
    private ListServer server;
    private X509Certificate device;
    private X509Certificate stolen;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        site = new CrlSite(directory);
        server = site.server();
        device = site.device(CA, PATH);
        stolen = site.device(CA, PATH);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void aListIsFetchedWhenACertificateNamesIt() {
        server.put(PATH, list().revoke(stolen.getSerialNumber(), 1).encode());

        assertThat(site.status(device, CA)).isEqualTo(new CrlStatus.Unavailable());
        site.await(device, CA);

        Instant until = Site.START.plus(CrlSite.VALIDITY);
        assertThat(site.status(device, CA)).isEqualTo(new CrlStatus.Good(Site.START, until));
        assertThat(site.status(stolen, CA))
                .isEqualTo(new CrlStatus.Revoked(Site.START, Site.START, RevocationReason.KEY_COMPROMISE, until));
        assertThat(server.seen()).containsExactly(new Seen(PATH, 200));
    }

    @Test
    void aCertificateThatNamesNoneHasNoSource() {
        X509Certificate bare = site.issue(CA, Issuance.named("bare"));

        assertThat(site.status(bare, CA)).isEqualTo(new CrlStatus.NoSource());
        assertThat(site.crls().arrival(bare, CA.certificate())).isCompleted();
    }

    @Test
    void whereTheServerIsDownTheWaitEndsAndTheListIsUnavailable() {
        site.await(device, CA);
        assertThat(site.status(device, CA)).isEqualTo(new CrlStatus.Unavailable());

        server.put(PATH, list().encode());
        await().untilAsserted(() -> {
            site.now().updateAndGet(now -> now.plusSeconds(3));
            assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Good.class);
        });
    }

    @Test
    void manyWhoAskAtOnceFetchItOnce() throws InterruptedException {
        server.put(PATH, list().encode());
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 50)
                .mapToObj(i -> Thread.startVirtualThread(() -> {
                    try {
                        go.await();
                        site.await(device, CA);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }))
                .toList();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Good.class);
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void isRefreshedAtHalfLifeAndWhoListensIsTold() {
        Queue<X509Certificate> told = new ConcurrentLinkedQueue<>();
        site.crls().onChange(told::add);
        server.put(PATH, list().number(1).encode());
        site.await(device, CA);
        assertThat(told).containsExactly(CA.certificate());

        server.put(
                PATH,
                list(HALF_LIFE).number(2).revoke(stolen.getSerialNumber(), 1).encode());
        site.now().set(HALF_LIFE);

        await().until(() -> site.status(stolen, CA) instanceof CrlStatus.Revoked);
        await().until(() -> told.size() == 2);
    }

    @Test
    void isNotFetchedAgainWhereItIsUnchanged() {
        server.put(PATH, list().encode());
        site.await(device, CA);

        site.now().set(HALF_LIFE);

        await().until(() -> server.seen().contains(new Seen(PATH, 304)));
        assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Good.class);
    }

    @Test
    void aGoodAnswerEndsWithItsListAndARevocationDoesNot() {
        server.put(PATH, list().revoke(stolen.getSerialNumber(), 1).encode());
        site.await(device, CA);
        server.remove(PATH);
        Instant end = Site.START.plus(CrlSite.VALIDITY);

        site.now().set(end.minusSeconds(1));
        assertThat(site.status(device, CA)).isEqualTo(new CrlStatus.Good(Site.START, end));
        site.now().set(end);
        assertThat(site.status(device, CA)).isEqualTo(new CrlStatus.Ended(Site.START, end));
        assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);
    }

    @Test
    void anOlderListIsNotTaken() {
        server.put(PATH, list().number(7).revoke(stolen.getSerialNumber(), 1).encode());
        site.await(device, CA);

        try (LogLines log = new LogLines(CrlSource.class)) {
            server.put(PATH, list(Site.START.minusSeconds(9)).number(6).encode());
            site.now().set(HALF_LIFE);

            await().until(() ->
                    log.lines().stream().anyMatch(line -> line.contains("older than the one that is held")));
            assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);
        }
    }

    @Test
    void aListOfAnotherCaSaysNothing() {
        server.put(PATH, list().signedBy(OTHER).encode());
        site.await(device, CA);
        assertThat(site.status(device, CA)).isEqualTo(new CrlStatus.Unavailable());

        server.put(PATH, IssuedCrl.of(OTHER, Site.START, CrlSite.VALIDITY).encode());
        try (LogLines log = new LogLines(CrlSource.class)) {
            X509Certificate guest = site.device(OTHER, PATH);
            await().untilAsserted(() -> {
                site.now().updateAndGet(now -> now.plusSeconds(3));
                assertThat(site.status(guest, OTHER)).isInstanceOf(CrlStatus.Good.class);
            });
            assertThat(site.status(device, CA)).isEqualTo(new CrlStatus.Unavailable());
            assertThat(log.lines()).singleElement().asString().startsWith("INFO");
        }
    }

    @Test
    void outlivesARestartWithoutItsServer() throws IOException {
        server.put(PATH, list().revoke(stolen.getSerialNumber(), 1).encode());
        site.await(device, CA);
        server.remove(PATH);

        site.restart();
        site.await(device, CA);

        assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Good.class);
        assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void whatHasEndedMeanwhileIsReplacedBeforeAnybodyHearsOfIt() throws IOException {
        server.put(PATH, list().encode());
        site.await(device, CA);
        Instant later = Site.START.plus(CrlSite.VALIDITY.multipliedBy(2));
        site.now().set(later);

        server.remove(PATH);
        site.restart();
        site.await(device, CA);
        assertThat(site.status(device, CA))
                .isEqualTo(new CrlStatus.Ended(Site.START, Site.START.plus(CrlSite.VALIDITY)));

        server.put(PATH, list(later).encode());
        site.restart();
        site.await(device, CA);
        assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Good.class);
    }

    @Test
    void theDiskIsNotTrusted() throws IOException {
        server.put(PATH, list().encode());
        site.await(device, CA);
        server.remove(PATH);
        Files.write(site.files().getFirst(), list().signedBy(OTHER).encode());

        site.restart();
        site.await(device, CA);

        assertThat(site.status(device, CA)).isEqualTo(new CrlStatus.Unavailable());
    }

    @Test
    void aDirectoryThatFailsCostsPersistenceOnly() throws IOException {
        Files.writeString(site.directory().resolve("crls"), "in the way");
        server.put(PATH, list().encode());

        site.await(device, CA);

        assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Good.class);
    }

    @Test
    void aPartitionSaysNothingOfOthers() {
        String url = server.url(PATH).toString();
        server.put(PATH, list().partition(url).encode());
        server.put("/2.crl", list().partition(url).encode());
        X509Certificate outsider = site.device(CA, "/2.crl");
        site.await(device, CA);
        site.await(outsider, CA);

        assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Good.class);
        assertThat(site.status(outsider, CA)).isEqualTo(new CrlStatus.Unavailable());
    }

    @Test
    void theLeastUsedOfTooManyUrlsIsForgotten() {
        for (int i = 0; i < CrlSite.MOST_SOURCES + 2; i++) {
            server.put("/" + i, list().encode());
            X509Certificate any = site.device(CA, "/" + i);
            site.await(any, CA);
            site.now().updateAndGet(now -> now.plusSeconds(1));
            site.status(device, CA);
            site.await(device, CA);
        }

        String metrics = site.metrics();
        assertThat(metrics.lines().filter(line -> line.startsWith("staplegate_device_crl_entries{")))
                .hasSize(CrlSite.MOST_SOURCES - 1);
        assertThat(metrics).contains("/" + (CrlSite.MOST_SOURCES + 1) + "\"").doesNotContain("/0\"");
        assertThat(metrics).contains("staplegate_device_crl_failures_total{list=\"" + site.label(PATH) + "\"}");
    }

    @Test
    void metricsSayWhatIsHeld() {
        server.put(PATH, list().revoke(stolen.getSerialNumber(), 1).encode());
        site.await(device, CA);

        String labels = "{list=\"" + site.label(PATH) + "\"} ";
        int bytes = stolen.getSerialNumber().toByteArray().length + 3;
        assertThat(site.metrics())
                .contains("staplegate_device_crl_entries" + labels + "1.0")
                .contains("staplegate_device_crl_bytes" + labels + bytes + ".0")
                .contains("staplegate_device_crl_failures_total" + labels + "0.0")
                .containsPattern("staplegate_device_crl_next_update_seconds\\{list=\"[^\"]*devices.crl\"} 1\\.77");
    }

    private static IssuedCrl list() {
        return list(Site.START);
    }

    private static IssuedCrl list(Instant thisUpdate) {
        return IssuedCrl.of(CA, thisUpdate, CrlSite.VALIDITY);
    }
}
