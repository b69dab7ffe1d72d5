package io.staplegate.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.Configuration;
import io.staplegate.demo.Authority;
import io.staplegate.device.RevocationLists.RevocationList;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.testing.ListServer;
import io.staplegate.testing.ListServer.Seen;
import io.staplegate.testing.LogLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RevocationListsTest {
    private static final Authority CA = Site.authority("Devices CA");
    private static final Authority OTHER = Site.authority("Other CA");
    private static final String PATH = "/devices.crl";
    private static final Duration PACE = Duration.ofMillis(20);

    private Path directory;
    private Site site;
    private ListServer server;
    private ResponderClient client;
    private RevocationLists lists;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        directory = temporary;
        site = new Site(temporary);
        server = new ListServer();
        open();
    }

    @AfterEach
    void stop() {
        shut();
        server.close();
        site.close();
    }

    @Test
    void fetchesTheListsOfTheCasThatAreServed() throws GeneralSecurityException {
        byte[] der = SignedList.of(CA, Site.START).encode();
        server.put(PATH, der);
        lists.serve(List.of(issuer(CA, PATH)));

        RevocationList list = awaitList();

        assertThat(list.der()).isEqualTo(der);
        assertThat(list.thisUpdate()).isEqualTo(Site.START);
        assertThat(list.nextUpdate()).isEqualTo(Site.START.plus(SignedList.VALIDITY));
        X509CRL crl =
                (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(list.der()));
        crl.verify(CA.certificate().getPublicKey());
        assertThat(lists.find(null, "/other.crl", "")).isNull();
    }

    @Test
    void refreshesAtHalfLife() {
        server.put(PATH, SignedList.of(CA, Site.START).encode());
        lists.serve(List.of(issuer(CA, PATH)));
        RevocationList first = awaitList();

        Instant later = Site.START.plus(SignedList.VALIDITY.multipliedBy(5).dividedBy(8));
        server.put(PATH, SignedList.of(CA, later).number(2).encode());
        site.now.set(later);

        await().untilAsserted(() -> assertThat(awaitList().thisUpdate()).isEqualTo(later));
        assertThat(awaitList()).isNotSameAs(first);
    }

    @Test
    void isTheSameObjectWhileItIsTheSameList() {
        server.put(PATH, SignedList.of(CA, Site.START).encode());
        lists.serve(List.of(issuer(CA, PATH)));
        RevocationList first = awaitList();

        site.now.set(Site.START.plus(SignedList.VALIDITY.multipliedBy(5).dividedBy(8)));

        await().until(() -> server.seen().contains(new Seen(PATH, 304)));
        lists.serve(List.of(issuer(CA, PATH)));
        assertThat(awaitList()).isSameAs(first);
    }

    @Test
    void isGoneOnceItHasEnded() {
        server.put(PATH, SignedList.of(CA, Site.START).encode());
        lists.serve(List.of(issuer(CA, PATH)));
        awaitList();
        server.remove(PATH);

        site.now.set(Site.START.plus(SignedList.VALIDITY).minusSeconds(1));
        assertThat(find()).isNotNull();
        site.now.set(Site.START.plus(SignedList.VALIDITY));
        assertThat(find()).isNull();
    }

    static Stream<Named<byte[]>> unusable() {
        return UnusableLists.of(CA, OTHER);
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void keepsNothingThatDoesNotVerify(byte[] der) {
        server.put(PATH, der);
        try (LogLines log = new LogLines(TrackedList.class)) {
            lists.serve(List.of(issuer(CA, PATH)));

            await().until(() -> !log.lines().isEmpty());
            assertThat(find()).isNull();
            assertThat(log.lines()).singleElement().asString().startsWith("WARN revocation list cannot be fetched");

            server.put(PATH, SignedList.of(CA, Site.START).encode());
            await().untilAsserted(() -> {
                site.move(Duration.ofSeconds(3));
                assertThat(find()).isNotNull();
            });
            await().until(() -> log.lines().size() == 2);
            assertThat(log.lines().getLast()).startsWith("INFO revocation list can be fetched again");
        }
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void keepsWhatItHasWhereSomethingElseComes(byte[] der) {
        server.put(PATH, SignedList.of(CA, Site.START).encode());
        lists.serve(List.of(issuer(CA, PATH)));
        RevocationList first = awaitList();
        try (LogLines log = new LogLines(TrackedList.class)) {
            server.put(PATH, der);
            site.now.set(Site.START.plus(SignedList.VALIDITY.multipliedBy(5).dividedBy(8)));

            await().until(() -> !log.lines().isEmpty());
            assertThat(awaitList()).isSameAs(first);
        }
    }

    @Test
    void takesNoOlderList() {
        Instant yesterday = Site.START.minus(Duration.ofDays(1));
        server.put(PATH, SignedList.of(CA, Site.START).number(7).encode());
        lists.serve(List.of(issuer(CA, PATH)));
        RevocationList first = awaitList();

        try (LogLines log = new LogLines(TrackedList.class)) {
            server.put(PATH, SignedList.of(CA, yesterday).number(6).encode());
            site.now.set(Site.START.plus(SignedList.VALIDITY.multipliedBy(5).dividedBy(8)));

            await().until(() ->
                    log.lines().stream().anyMatch(line -> line.contains("older than the one that is held")));
            assertThat(awaitList()).isSameAs(first);
        }
    }

    @Test
    void outlivesARestartWithoutItsServer() {
        server.put(PATH, SignedList.of(CA, Site.START).encode());
        lists.serve(List.of(issuer(CA, PATH)));
        byte[] der = awaitList().der();
        await().until(() -> files().size() == 1);
        shut();
        server.remove(PATH);

        open();
        lists.serve(List.of(issuer(CA, PATH)));

        assertThat(awaitList().der()).isEqualTo(der);
    }

    @Test
    void fetchesNothingAgainForARestart() {
        String another = "/new.crl";
        server.put(PATH, SignedList.of(CA, Site.START).encode());
        lists.serve(List.of(issuer(CA, PATH)));
        awaitList();
        await().until(() -> files().size() == 1);
        shut();
        int before = server.seen().size();
        server.put(another, SignedList.of(OTHER, Site.START).encode());

        open();
        lists.serve(List.of(issuer(CA, PATH), issuer(OTHER, another)));

        await().until(() -> lists.find(null, another, "") != null);
        assertThat(awaitList()).isNotNull();
        assertThat(server.seen().subList(before, server.seen().size())).containsExactly(new Seen(another, 200));
    }

    @Test
    void trustsNoDisk() throws IOException {
        server.put(PATH, SignedList.of(CA, Site.START).encode());
        lists.serve(List.of(issuer(CA, PATH)));
        awaitList();
        await().until(() -> files().size() == 1);
        shut();
        server.remove(PATH);
        Files.write(
                files().getFirst(),
                SignedList.of(CA, Site.START).signedBy(OTHER).encode());

        open();
        lists.serve(List.of(issuer(CA, PATH)));

        assertThat(find()).isNull();
    }

    @Test
    void theHostDecidesBetweenTwoCasOnly() throws IOException {
        byte[] one = SignedList.of(CA, Site.START).encode();
        byte[] two = SignedList.of(OTHER, Site.START).encode();
        try (ListServer second = new ListServer()) {
            server.put(PATH, one);
            second.put(PATH, two);
            URI byName = URI.create(second.url(PATH).toString().replace("127.0.0.1", "localhost"));

            lists.serve(List.of(issuer(CA, PATH), new Issuer(OTHER.certificate(), List.of(), List.of(byName))));

            await().untilAsserted(() -> {
                assertThat(lists.find("127.0.0.1", PATH, ""))
                        .isNotNull()
                        .extracting(RevocationList::der)
                        .isEqualTo(one);
                assertThat(lists.find("LOCALHOST", PATH, ""))
                        .isNotNull()
                        .extracting(RevocationList::der)
                        .isEqualTo(two);
            });
            assertThat(lists.find("elsewhere", PATH, "")).isNull();
            assertThat(lists.find(null, PATH, "")).isNull();

            lists.serve(List.of(issuer(CA, PATH)));
            assertThat(lists.find("elsewhere", PATH, ""))
                    .isNotNull()
                    .extracting(RevocationList::der)
                    .isEqualTo(one);
        }
    }

    @Test
    void findsAPathByWhatItsPercentSignsMean() {
        server.put("/Devices%20CA.crl", SignedList.of(CA, Site.START).encode());
        lists.serve(List.of(issuer(CA, "/Devices%20CA.crl")));

        await().until(() -> lists.find(null, "/Devices CA.crl", "") != null);
    }

    @Test
    void theQueryTellsTheListsOfOneProgramApart() {
        byte[] root = SignedList.of(CA, Site.START).encode();
        byte[] sub = SignedList.of(OTHER, Site.START).encode();
        server.put("/certdist?cmd=crl&issuer=CN%3DRoot", root).put("/certdist?cmd=crl&issuer=CN%3DSub", sub);

        lists.serve(List.of(
                issuer(CA, "/certdist?cmd=crl&issuer=CN%3DRoot"), issuer(OTHER, "/certdist?cmd=crl&issuer=CN%3DSub")));

        await().untilAsserted(() -> {
            assertThat(lists.find("127.0.0.1", "/certdist", "cmd=crl&issuer=CN%3DRoot"))
                    .isNotNull()
                    .extracting(RevocationList::der)
                    .isEqualTo(root);
            assertThat(lists.find("elsewhere", "/certdist", "cmd=crl&issuer=CN%3DSub"))
                    .isNotNull()
                    .extracting(RevocationList::der)
                    .isEqualTo(sub);
        });
        assertThat(lists.find("127.0.0.1", "/certdist", "")).isNull();
    }

    @Test
    void fetchesByHttpOnly() {
        URI ldap = URI.create("ldap://directory.example/cn=CA?certificateRevocationList");
        server.put(PATH, SignedList.of(CA, Site.START).encode());

        lists.serve(List.of(new Issuer(CA.certificate(), List.of(), List.of(ldap, server.url(PATH)))));

        assertThat(awaitList()).isNotNull();
    }

    @Test
    void forgetsTheListsOfWhomIsNotServedAnyMore() {
        server.put(PATH, SignedList.of(CA, Site.START).encode());
        lists.serve(List.of(issuer(CA, PATH)));
        awaitList();

        lists.serve(List.of());

        assertThat(find()).isNull();
    }

    @Test
    void takesALargeList() {
        byte[] large = SignedList.of(CA, Site.START).revoked(100_000).encode();
        server.put(PATH, large);
        lists.serve(List.of(issuer(CA, PATH)));

        assertThat(awaitList().der()).hasSizeGreaterThan(3_000_000).isEqualTo(large);
    }

    private void open() {
        Configuration configuration = site.configuration(null);
        client = new ResponderClient(configuration.ocsp(), site.clock, site.telemetry);
        lists = new RevocationLists(configuration, client, site.clock, site.telemetry, PACE);
    }

    private void shut() {
        lists.close();
        client.close();
    }

    private Issuer issuer(Authority ca, String path) {
        return new Issuer(ca.certificate(), List.of(), List.of(server.url(path)));
    }

    private @Nullable RevocationList find() {
        return lists.find("127.0.0.1", PATH, "");
    }

    private RevocationList awaitList() {
        return await().until(this::find, Objects::nonNull);
    }

    private List<Path> files() throws IOException {
        Path folder = directory.resolve("crls");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".crl")).toList();
        }
    }
}
