package io.staplegate.device;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.Configuration;
import io.staplegate.demo.Authority;
import io.staplegate.device.RevocationLists.RevocationList;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.testing.ListServer;
import io.staplegate.testing.ListServer.Seen;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A list of no use costs its megabytes once, and the next one that is of use is still taken. */
class RefusedListsTest {
    private static final Authority CA = Site.authority("Devices CA");
    private static final Authority OTHER = Site.authority("Other CA");
    private static final String PATH = "/devices.crl";
    private static final Duration PACE = Duration.ofMillis(20);
    private static final byte[] GOOD = SignedList.of(CA, Site.START).encode();
    private static final byte[] BAD =
            SignedList.of(CA, Site.START).signedBy(OTHER).encode();

    private Site site;
    private ListServer server;
    private ResponderClient client;
    private RevocationLists lists;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        site = new Site(directory);
        server = new ListServer();
        Configuration configuration = site.configuration(null);
        client = new ResponderClient(configuration.ocsp(), site.clock, site.telemetry);
        lists = new RevocationLists(configuration, client, site.clock, site.telemetry, PACE);
    }

    @AfterEach
    void stop() {
        lists.close();
        client.close();
        server.close();
        site.close();
    }

    static Stream<Named<byte[]>> unusable() {
        return UnusableLists.of(CA, OTHER).filter(list -> list.getPayload().length > 0);
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void isSentOnceAndSoIsWhatComesInItsPlace(byte[] der) {
        server.put(PATH, der);
        serve();
        awaitRequests(4);
        assertThat(statuses()).startsWith(200, 304, 304, 304).containsOnlyOnce(200);
        assertThat(find()).isNull();

        server.put(PATH, GOOD);
        awaitList(Duration.ofSeconds(3));
        assertThat(statuses().stream().filter(status -> status == 200)).hasSize(2);
    }

    @Test
    void theListThatIsHeldStaysInUse() {
        server.put(PATH, GOOD);
        serve();
        RevocationList first = awaitList(Duration.ZERO);

        server.put(PATH, BAD);
        site.now.set(Site.START.plus(SignedList.VALIDITY.multipliedBy(5).dividedBy(8)));
        awaitRequests(5);
        assertThat(statuses()).startsWith(200, 200, 304, 304, 304);
        assertThat(find()).isSameAs(first);

        server.put(PATH, GOOD);
        await().until(() -> {
            site.move(Duration.ofSeconds(3));
            return server.seen().size() > 5 && statuses().getLast() == 200;
        });
        assertThat(find()).isSameAs(first);
    }

    @Test
    void aListFromTheFutureIsTakenWhenItsTimeHasCome() {
        Instant thisUpdate = Site.START.plus(Duration.ofDays(1));
        server.put(PATH, SignedList.of(CA, thisUpdate).encode());
        serve();
        awaitRequests(4);
        int before = server.seen().size();
        site.now.set(thisUpdate.minus(Duration.ofHours(1)));
        awaitRequests(before + 1);
        assertThat(find()).isNull();
        assertThat(statuses()).startsWith(200, 304);

        site.now.set(thisUpdate.minus(Duration.ofMinutes(5)));
        await().until(() -> find() != null);
    }

    @Test
    void aListThatOnlyAWrongClockTakesForOverIsTakenWhenTheClockIsRight() {
        server.put(PATH, GOOD);
        site.now.set(Site.START.plus(SignedList.VALIDITY.multipliedBy(2)));
        serve();
        awaitRequests(3);
        assertThat(statuses()).startsWith(200, 304);

        site.now.set(Site.START.plus(Duration.ofHours(1)));

        await().until(() -> find() != null);
    }

    @Test
    void theListOfACaThatCountsAnewIsTakenWhenTheOneThatIsHeldEnds() {
        server.put(PATH, SignedList.of(CA, Site.START).number(7).encode());
        serve();
        awaitList(Duration.ZERO);
        Instant later = Site.START.plus(SignedList.VALIDITY.multipliedBy(5).dividedBy(8));
        byte[] anew = SignedList.of(CA, later).number(1).encode();
        server.put(PATH, anew);
        site.now.set(later);
        awaitRequests(4);
        assertThat(statuses()).startsWith(200, 200, 304, 304);

        site.now.set(Site.START.plus(SignedList.VALIDITY));

        await().untilAsserted(() ->
                assertThat(find()).isNotNull().extracting(RevocationList::der).isEqualTo(anew));
    }

    @Test
    void aServerThatNamesAllFilesAlikeHoldsNothingBackForEver() {
        server.withOneTag().put(PATH, BAD);
        serve();
        awaitRequests(2);
        server.put(PATH, GOOD);

        awaitList(Duration.ofMinutes(20));
        assertThat(statuses()).contains(304);
    }

    @Test
    void aFileThatMayHaveBeenCutOffOnItsWayIsSentAgain() throws IOException {
        AtomicInteger answers = new AtomicInteger();
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> cutTheFirst(socket, answers));
            URI url = URI.create("http://127.0.0.1:" + socket.getLocalPort() + PATH);
            lists.serve(List.of(new Issuer(CA.certificate(), List.of(), List.of(url))));

            awaitList(Duration.ofSeconds(3));
            assertThat(answers).hasValue(2);
        }
    }

    @Test
    void aUselessFileWithoutAVersionDoesNotCostTheOneOfTheListThatIsHeld() {
        server.put(PATH, GOOD);
        serve();
        RevocationList first = awaitList(Duration.ZERO);
        server.withoutVersions().put(PATH, BAD);
        site.now.set(Site.START.plus(SignedList.VALIDITY.multipliedBy(5).dividedBy(8)));
        awaitRequests(3);
        assertThat(statuses()).containsOnly(200);

        server.withVersions().put(PATH, GOOD);
        await().until(() -> {
            site.move(Duration.ofSeconds(3));
            return statuses().getLast() == 304;
        });
        assertThat(find()).isSameAs(first);
    }

    private void serve() {
        lists.serve(List.of(new Issuer(CA.certificate(), List.of(), List.of(server.url(PATH)))));
    }

    private @Nullable RevocationList find() {
        return lists.find("127.0.0.1", PATH, "");
    }

    /** The list, once it is there, on a clock that runs so fast. */
    private RevocationList awaitList(Duration step) {
        return await().until(
                        () -> {
                            site.move(step);
                            return find();
                        },
                        Objects::nonNull);
    }

    private List<Integer> statuses() {
        return server.seen().stream().map(Seen::status).toList();
    }

    private void awaitRequests(int count) {
        await().until(() -> {
            site.move(Duration.ofSeconds(3));
            return server.seen().size() >= count;
        });
    }

    /** Sends the good list under one tag, to the end of each connection; of the first there is a part only. */
    private static void cutTheFirst(ServerSocket socket, AtomicInteger answers) {
        try {
            while (true) {
                try (Socket connection = socket.accept()) {
                    var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
                    List<String> head =
                            in.lines().takeWhile(line -> !line.isEmpty()).toList();
                    boolean isKnown = head.contains("If-None-Match: \"7\"");
                    String status = isKnown ? "304 Not Modified" : "200 OK";
                    OutputStream out = connection.getOutputStream();
                    out.write(("HTTP/1.1 " + status + "\r\nETag: \"7\"\r\n\r\n").getBytes(ISO_8859_1));
                    int length = answers.getAndIncrement() == 0 ? GOOD.length / 2 : GOOD.length;
                    out.write(GOOD, 0, isKnown ? 0 : length);
                }
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }
}
