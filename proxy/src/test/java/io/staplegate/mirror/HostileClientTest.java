package io.staplegate.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.MirrorConfig;
import io.staplegate.config.MirrorConfig.Nonce;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.telemetry.Telemetry.MirrorOutcome;
import io.staplegate.testing.Behaviour;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client can do to a mirror, and what it then does to others: nothing. */
@Timeout(60)
final class HostileClientTest {
    @TempDir
    private Path folder;

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrderHoweverSlowTheFirstIs() throws Exception {
        try (Site site = new Site(folder);
                Client client = site.connect()) {
            CertId kept = site.fresh("kept");
            byte[] keptResponse = site.ask(kept).body();
            BlockingQueue<Behaviour.Exchange> held = holding(site);

            client.send(Client.get(site.fresh("slow"))
                    + Client.get(kept)
                    + Client.request("GET", "/nowhere")
                    + Client.request("PUT", "/"));
            Behaviour.Exchange first = held.take();
            Behaviour.honest().answer(first);

            assertThat(client.read().body()).isNotEqualTo(keptResponse);
            assertThat(client.read().body()).isEqualTo(keptResponse);
            assertThat(client.read().status()).isEqualTo(404);
            assertThat(client.read().status()).isEqualTo(405);
        }
    }

    @Test
    void noMoreThanSixteenPipelinedRequestsAreTakenUpBeforeTheFirstIsAnswered() throws Exception {
        MirrorConfig twentyAtOnce = new MirrorConfig(Site.ANY_PORT, List.of(), Nonce.IGNORE, 1000, 256, 1);
        try (Site site = new Site(folder, twentyAtOnce);
                Client client = site.connect();
                Client elsewhere = new Client(site.port(), "127.0.0.2")) {
            CertId kept = site.fresh("kept");
            elsewhere.send(Client.get(kept)).read();
            BlockingQueue<Behaviour.Exchange> held = holding(site);

            client.send(Client.get(site.fresh("slow")) + Client.get(kept).repeat(50));
            Behaviour.Exchange first = held.take();
            assertThat(site.ask(kept).status())
                    .as("of the twenty some are left")
                    .isEqualTo(200);
            Behaviour.honest().answer(first);

            for (int i = 0; i < 16; i++) {
                assertThat(client.read().status()).isEqualTo(200);
            }
            for (int i = 16; i < 51; i++) {
                assertThat(client.read().status()).isIn(200, 429);
            }
        }
    }

    @Test
    void aFloodFromOneSourceIsTurnedAwayAndOthersAreNot() throws Exception {
        MirrorConfig config = new MirrorConfig(Site.ANY_PORT, List.of(), Nonce.IGNORE, 1000, 256, 1);
        try (Site site = new Site(folder, config);
                Client flood = site.connect();
                Client other = new Client(site.port(), "127.0.0.2")) {
            CertId id = site.fresh("meter");
            for (int i = 0; i < 20; i++) {
                assertThat(flood.send(Client.get(id)).read().status()).isEqualTo(200);
            }
            Client.Reply refused = flood.send(Client.get(id)).read();
            for (int i = 0; i < 5 && refused.status() == 200; i++) { // one is given back each second
                refused = flood.send(Client.get(id)).read();
            }

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.headers()).containsEntry("Retry-After", "1");
            assertThat(other.send(Client.get(id)).read().status()).isEqualTo(200);
            assertThat(site.count(MirrorOutcome.LIMITED)).isPositive();
        }
    }

    @Test
    void whoAsksForWhatNobodyKnowsMakesNoMoreThanAHundredFetchesAtOnce() throws Exception {
        try (Site site = new Site(folder);
                Client client = site.connect();
                Client other = new Client(site.port(), "127.0.0.2")) {
            List<CertId> devices = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                devices.add(CertId.of(CertIdHash.SHA1, site.ca.certificate(), BigInteger.valueOf(1_000 + i)));
            }
            int limited = 0;
            for (CertId device : devices) {
                Client.Reply reply = client.send(Client.get(device)).read();
                if (reply.status() == 429) {
                    assertThat(reply.headers()).containsEntry("Retry-After", "1");
                    limited++;
                }
            }

            assertThat(limited).isBetween(1, 100);
            assertThat(site.count(MirrorOutcome.LIMITED)).isEqualTo(limited);
            assertThat(client.send(Client.get(devices.getFirst())).read().ocspStatus())
                    .as("what is kept is answered all the same")
                    .isEqualTo(OCSPResp.SUCCESSFUL);
            assertThat(other.send(Client.get(devices.getLast())).read().ocspStatus())
                    .isEqualTo(OCSPResp.SUCCESSFUL);
        }
    }

    @Test
    void aConnectionOnWhichNothingIsAnsweredIsClosed() throws Exception {
        try (Site site = new Site(folder, Site.config(Nonce.IGNORE), Duration.ofMillis(500), Site.authority("CA"));
                Client silent = site.connect();
                Client dripping = site.connect();
                Client idle = site.connect()) {
            dripping.send("GET /slow HTTP/1.1\r\nX-Drip: ");
            assertThat(idle.send(Client.request("GET", "/nowhere")).read().status())
                    .isEqualTo(404);

            assertThat(silent.isClosed()).isTrue();
            assertThat(dripping.isClosed()).isTrue();
            assertThat(idle.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 30", "12, 30", "13, 31", "60, 125"})
    void patienceOutlastsTheSlowestAnswer(int timeout, int patience) {
        assertThat(MirrorServer.patience(Duration.ofSeconds(timeout))).isEqualTo(Duration.ofSeconds(patience));
    }

    @Test
    void whatIsTooLargeIsRefusedInItsTurnAndEndsTheConnection() throws Exception {
        try (Site site = new Site(folder)) {
            CertId kept = site.fresh("kept");
            byte[] response = site.ask(kept).body();
            String type = "Content-Type: application/ocsp-request";
            try (Client client = site.connect()) {
                client.send(Client.get(kept) + Client.request("POST", "/", type, "Content-Length: 10000"));
                assertThat(client.read().body()).isEqualTo(response);
                assertThat(client.read().status()).isEqualTo(413);
                assertThat(client.isClosed()).isTrue();
            }
            try (Client client = site.connect()) {
                client.send(Client.request("POST", "/", type, "Transfer-Encoding: chunked"))
                        .send("3000\r\n")
                        .send(new byte[0x3000]);
                assertThat(client.read().status()).isEqualTo(413);
                assertThat(client.isClosed()).isTrue();
            }
            assertThat(last(site, Client.request("GET", "/" + "M".repeat(8 * 1024))))
                    .isEqualTo(414);
            assertThat(last(site, Client.request("GET", "/", "X: " + "x".repeat(8 * 1024))))
                    .isEqualTo(431);
            assertThat(last(site, "\u0016\u0003\u0001 this is TLS\r\n\r\n")).isEqualTo(400);
        }
    }

    @Test
    void whoeverAsksBeforeSendingABodyThatIsTooLargeIsRefusedInTurn() throws Exception {
        try (Site site = new Site(folder);
                Client client = site.connect()) {
            BlockingQueue<Behaviour.Exchange> held = holding(site);
            String type = "Content-Type: application/ocsp-request";

            client.send(Client.get(site.fresh("slow"))
                    + Client.request("POST", "/", type, "Expect: 100-continue", "Content-Length: 10000"));
            Behaviour.honest().answer(held.take());

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void whoeverAsksBeforeSendingABodyThatFitsIsToldToGoOn() throws Exception {
        try (Site site = new Site(folder);
                Client client = site.connect()) {
            byte[] der = OcspRequest.encode(site.fresh("meter"));
            String type = "Content-Type: application/ocsp-request";

            client.send(Client.request("POST", "/", type, "Expect: 100-continue", "Content-Length: " + der.length));
            assertThat(client.readHead().status()).isEqualTo(100);
            assertThat(client.send(der).read().ocspStatus()).isEqualTo(OCSPResp.SUCCESSFUL);
        }
    }

    @Test
    void aBodyOfTheLargestSizeIsRead() throws Exception {
        try (Site site = new Site(folder);
                Client client = site.connect()) {
            assertThat(client.post(new byte[OcspRequest.MAX_BYTES]).read().ocspStatus())
                    .isEqualTo(OCSPResp.MALFORMED_REQUEST);
        }
    }

    @Test
    void connectionsAreLimitedInAllAndBySource() throws Exception {
        MirrorConfig config = new MirrorConfig(Site.ANY_PORT, List.of(), Nonce.IGNORE, 3, 2, 1000);
        try (Site site = new Site(folder, config);
                Client first = site.connect()) {
            String head = Client.request("GET", "/nowhere");
            assertThat(first.send(head).read().status()).isEqualTo(404);
            try (Client second = site.connect();
                    Client third = site.connect();
                    Client other = new Client(site.port(), "127.0.0.2");
                    Client another = new Client(site.port(), "127.0.0.3")) {
                assertThat(second.send(head).read().status()).isEqualTo(404);
                assertThat(third.isClosed()).isTrue();
                assertThat(other.send(head).read().status()).isEqualTo(404);
                assertThat(another.isClosed()).isTrue();
            }
            await().until(() -> {
                try (Client next = site.connect()) {
                    return next.send(head).read().status() == 404;
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void anOldClientIsToldWhetherTheConnectionStaysOpen() throws Exception {
        try (Site site = new Site(folder)) {
            String path = Client.path(OcspRequest.encode(site.fresh("meter")));
            try (Client client = site.connect()) {
                assertThat(client.send("GET " + path + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                                .read()
                                .headers())
                        .containsEntry("Connection", "keep-alive");
                assertThat(client.send("GET " + path + " HTTP/1.0\r\n\r\n")
                                .read()
                                .headers())
                        .containsEntry("Connection", "close");
                assertThat(client.isClosed()).isTrue();
            }
        }
    }

    @Test
    void noiseOfAnyKindIsAnsweredOrEndsItsConnectionAndNothingElse() throws Exception {
        Random random = new Random(42);
        try (Site site = new Site(folder)) {
            CertId kept = site.fresh("kept");
            byte[] der = OcspRequest.encode(kept);
            site.ask(kept);
            for (int i = 0; i < 300; i++) {
                byte[] spoiled = der.clone();
                spoiled[random.nextInt(spoiled.length)] ^= (byte) (1 << random.nextInt(8));
                try (Client client = site.connect()) {
                    assertThat(client.post(spoiled).read().status()).isEqualTo(200);
                }
            }
            assertThat(site.ask(kept).ocspStatus()).isEqualTo(OCSPResp.SUCCESSFUL);
        }
    }

    /** From now on the responder answers when the test does it. */
    private static BlockingQueue<Behaviour.Exchange> holding(Site site) {
        BlockingQueue<Behaviour.Exchange> held = new LinkedBlockingQueue<>();
        site.responder.behave(held::add);
        return held;
    }

    /** The status of the reply after which the mirror closes the connection. */
    private static int last(Site site, String head) throws IOException {
        try (Client client = site.connect()) {
            int status = client.send(head).read().status();
            assertThat(client.isClosed()).isTrue();
            return status;
        }
    }
}
