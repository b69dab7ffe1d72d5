package io.staplegate.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.telemetry.Telemetry.MirrorOutcome;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many devices behind one address, of a NAT or a VPN gateway: they are one source, and are not to suffer for it. */
@Timeout(60)
final class SharedAddressTest {
    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void open() throws IOException {
        site = new Site(folder);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void allWhoAskTheSameAtATimeAreAnsweredWithOneFetch() throws Exception {
        byte[] der = OcspRequest.encode(site.fresh("meter"));
        BlockingQueue<Behaviour.Exchange> held = new LinkedBlockingQueue<>();
        site.responder.behave(held::add);
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 240; i++) {
                clients.add(site.connect().post(der));
            }
            Behaviour.Exchange fetch = held.take();
            assertThat(site.ask(Client.request("GET", "/nowhere")).status())
                    .as("by now the mirror has read what came before")
                    .isEqualTo(404);
            Behaviour.honest().answer(fetch);

            for (Client client : clients) {
                Client.Reply reply = client.read();
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.ocspStatus()).isEqualTo(OCSPResp.SUCCESSFUL);
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
        assertThat(site.responder.seen()).hasSize(1);
    }

    @Test
    void whoAsksAgainWhatNobodyCouldSayTakesNothingFromTheOthers() throws Exception {
        CertId id = site.fresh("meter");
        site.responder.behave(ResponseVariant.TRY_LATER);
        try (Client client = site.connect()) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.send(Client.get(id)).read().status()).isEqualTo(200);
            }
        }
        assertThat(site.count(MirrorOutcome.TRY_LATER)).isEqualTo(200);
        assertThat(site.responder.seen()).hasSize(1);
        site.responder.behave(Behaviour.honest());

        assertThat(site.ask(site.fresh("other")).ocspStatus()).isEqualTo(OCSPResp.SUCCESSFUL);
    }
}
