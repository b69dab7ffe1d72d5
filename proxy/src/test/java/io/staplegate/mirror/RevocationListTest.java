package io.staplegate.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.staplegate.config.MirrorConfig.Nonce;
import io.staplegate.demo.Authority;
import io.staplegate.telemetry.Telemetry.MirrorOutcome;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Revocation lists, under the paths of their own URLs. */
@Timeout(60)
final class RevocationListTest {
    @TempDir
    private Path folder;

    private final Authority ca = Site.authority("Devices CA");
    private HttpServer files;
    private Site site;
    private byte[] small;
    private byte[] large;

    @BeforeEach
    void open() throws Exception {
        small = list(1);
        large = list(100_000);
        Path served = Files.createDirectory(folder.resolve("served"));
        Files.write(served.resolve("small.crl"), small);
        Files.write(served.resolve("of many.crl"), large);
        files = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                served.toAbsolutePath(),
                SimpleFileServer.OutputLevel.NONE);
        files.start();
        String server = "http://127.0.0.1:" + files.getAddress().getPort();
        site = new Site(
                folder.resolve("state"),
                Site.config(Nonce.IGNORE),
                Site.PATIENCE,
                ca,
                URI.create(server + "/small.crl"),
                URI.create(server + "/of%20many.crl"),
                URI.create(server + "/small.crl?cmd=crl&issuer=CN%3DRoot"));
    }

    @AfterEach
    void close() {
        site.close();
        files.stop(0);
    }

    @Test
    void aListComesWithWhatCachesNeed() throws Exception {
        Client.Reply reply = answer("/small.crl");

        assertThat(reply.body()).isEqualTo(small);
        assertThat(reply.headers())
                .containsEntry("Content-Type", "application/pkix-crl")
                .containsEntry("Last-Modified", "Sun, 01 Mar 2026 00:00:00 GMT")
                .containsEntry("Expires", "Thu, 05 Mar 2026 00:00:00 GMT")
                .containsEntry("Cache-Control", "max-age=172800,public,no-transform,must-revalidate");
        String known = "If-None-Match: " + reply.header("ETag");
        assertThat(site.ask(Client.request("GET", "/small.crl", known)).status())
                .isEqualTo(304);
        assertThat(site.count(MirrorOutcome.CRL)).isEqualTo(1);
        assertThat(site.count(MirrorOutcome.NOT_MODIFIED)).isEqualTo(1);
    }

    @Test
    void manyClientsGetALargeListAtATimeAndOneThatDoesNotReadHoldsUpNobody() throws Exception {
        answer("/of%20many.crl");

        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                clients.add(site.connect()
                        .send(Client.request("GET", "/of%20many.crl").repeat(3)));
            }
            for (Client client : clients.reversed().subList(0, 19)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(client.read().body()).isEqualTo(large);
                }
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aListThatHasEndedIsNotFound() throws Exception {
        answer("/small.crl");
        site.move(Site.VALIDITY);

        assertThat(site.ask(Client.request("GET", "/small.crl")).status()).isEqualTo(404);
        assertThat(site.ask(Client.request("GET", "/other.crl")).status()).isEqualTo(404);
    }

    @Test
    void aListIsAtItsQueryAndAtNoOther() throws Exception {
        String place = "/small.crl?cmd=crl&issuer=CN%3DRoot";

        assertThat(answer(place).body()).isEqualTo(small);
        assertThat(answer("http://ca.example" + place).body()).isEqualTo(small);
        assertThat(site.ask(Client.request("GET", "/small.crl?cmd=crl&issuer=CN%3DSub"))
                        .status())
                .isEqualTo(404);
    }

    /** What the mirror says to a path as soon as it has the list. */
    private Client.Reply answer(String path) {
        return await().until(() -> site.ask(Client.request("GET", path)), reply -> reply.status() == 200);
    }

    private byte[] list(int revoked) throws IOException, OperatorCreationException {
        var builder = new JcaX509v2CRLBuilder(ca.certificate(), Date.from(Site.START));
        builder.setNextUpdate(Date.from(Site.START.plus(Site.VALIDITY)));
        for (int i = 1; i <= revoked; i++) {
            builder.addCRLEntry(BigInteger.valueOf(i), Date.from(Site.START), CRLReason.keyCompromise);
        }
        builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.ONE));
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(ca.keys().getPrivate()))
                .getEncoded();
    }
}
