package io.staplegate.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.MirrorConfig.Nonce;
import io.staplegate.demo.Authority;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.telemetry.Telemetry.MirrorOutcome;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients that ask a mirror get. */
@Timeout(60)
final class MirrorServerTest {
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

    @ParameterizedTest
    @EnumSource
    void aDeviceIsAnsweredByTheHashItAsksWithFetchedOnce(CertIdHash hash) throws IOException {
        X509Certificate device = site.device("meter");

        for (int i = 0; i < 3; i++) {
            Client.Reply reply = site.ask(site.id(hash, device));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(judge(reply, site.id(hash, device))).isInstanceOf(Verdict.Good.class);
        }

        assertThat(site.responder.seen()).hasSize(1);
        assertThat(site.count(MirrorOutcome.FETCHED)).isEqualTo(1);
        assertThat(site.count(MirrorOutcome.CACHED)).isEqualTo(2);
    }

    @Test
    void aRequestMayComeByPostOrInAnyWayThatAPathCanBeWritten() throws IOException {
        byte[] der = OcspRequest.encode(site.fresh("meter"));
        String base64 = Base64.getEncoder().encodeToString(der);
        byte[] response = site.ask(Client.request("GET", Client.path(der))).body();

        try (Client client = site.connect()) {
            for (String target : List.of(
                    "/" + base64,
                    "//" + base64,
                    "/" + base64.replace("=", ""),
                    "/" + base64 + "?from=proxy",
                    "http://ocsp.example" + Client.path(der),
                    "http://ocsp.example/" + "/" + base64)) {
                assertThat(client.send(Client.request("GET", target)).read().body())
                        .as(target)
                        .isEqualTo(response);
            }
            assertThat(client.post(der).read().body()).isEqualTo(response);
        }
    }

    @Test
    void theHeadersLetCachesKeepItForHalfOfItsLife() throws IOException {
        CertId id = site.fresh("meter");
        site.ask(id);
        site.move(Duration.ofDays(1));

        Client.Reply reply = site.ask(id);

        assertThat(reply.headers())
                .containsEntry("Content-Type", "application/ocsp-response")
                .containsEntry("Date", "Mon, 02 Mar 2026 00:00:00 GMT")
                .containsEntry("Last-Modified", "Sun, 01 Mar 2026 00:00:00 GMT")
                .containsEntry("Expires", "Thu, 05 Mar 2026 00:00:00 GMT")
                .containsEntry("Cache-Control", "max-age=129600,public,no-transform,must-revalidate");
        assertThat(reply.header("ETag")).matches("\"[0-9a-f]{64}\"");
        assertThat(reply.headers()).doesNotContainKey("Connection");
    }

    @Test
    void headIsGetWithoutTheBody() throws IOException {
        CertId id = site.fresh("meter");
        Client.Reply whole = site.ask(id);

        try (Client client = site.connect()) {
            String head = Client.get(id).replaceFirst("GET", "HEAD");
            assertThat(client.send(head).readHead().headers()).isEqualTo(whole.headers());
            assertThat(client.send(Client.get(id)).read().body()).isEqualTo(whole.body());
        }
    }

    @Test
    void ourOwnCertificatesAreAnsweredWithoutAskingAnybody() throws IOException {
        CertId id = site.fresh("gateway");
        byte[] response = site.book.answer(OcspRequest.encode(id));
        OcspAnswer answer = ((Verdict.Good) judge(response, id)).answer();
        site.own.put(id, answer);

        assertThat(site.ask(id).body()).isEqualTo(response);
        assertThat(site.responder.seen()).isEmpty();
    }

    @Test
    void anAnswerThatHasEndedIsNotSent() throws IOException {
        CertId id = site.fresh("gateway");
        site.own.put(id, ((Verdict.Good) judge(site.book.answer(OcspRequest.encode(id)), id)).answer());
        site.move(Site.VALIDITY);

        assertThat(site.ask(id).ocspStatus()).isEqualTo(OCSPResp.TRY_LATER);
    }

    @Test
    void aForeignCaIsNoneOfOurs() throws IOException {
        Authority foreign = Site.authority("Foreign CA");
        X509Certificate device = Site.device("stranger", foreign);

        Client.Reply reply = site.ask(CertId.of(CertIdHash.SHA1, device, foreign.certificate()));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.ocspStatus()).isEqualTo(OCSPResp.UNAUTHORIZED);
        assertThat(reply.headers()).containsEntry("Cache-Control", "no-store").doesNotContainKey("ETag");
        assertThat(site.responder.seen()).isEmpty();
        assertThat(site.count(MirrorOutcome.UNAUTHORIZED)).isEqualTo(1);
    }

    @Test
    void whereNobodyCanSayTheClientIsToTryLater() throws IOException {
        site.responder.close();

        Client.Reply reply = site.ask(site.fresh("meter"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.ocspStatus()).isEqualTo(OCSPResp.TRY_LATER);
        assertThat(reply.headers()).containsEntry("Cache-Control", "no-store");
        assertThat(site.count(MirrorOutcome.TRY_LATER)).isEqualTo(1);
    }

    @Test
    void aResponderThatLiesIsNotPassedOn() throws IOException {
        site.responder.behave(ResponseVariant.BAD_SIGNATURE);

        assertThat(site.ask(site.fresh("meter")).ocspStatus()).isEqualTo(OCSPResp.TRY_LATER);
    }

    @Test
    void aSignedUnknownIsKeptForAMinuteAtTheMost() throws IOException {
        X509Certificate device = site.device("new");
        site.book.forget(device);

        Client.Reply reply = site.ask(site.id(device));

        assertThat(judge(reply, site.id(device))).isInstanceOf(Verdict.Unknown.class);
        assertThat(reply.header("Cache-Control")).startsWith("max-age=60,");
    }

    @Test
    void aRevokedDeviceIsToldAsSuch() throws IOException {
        X509Certificate device = site.device("stolen");
        site.book.revoke(device);

        assertThat(judge(site.ask(site.id(device)), site.id(device))).isInstanceOf(Verdict.Revoked.class);
    }

    @Test
    void aNonceIsIgnoredByDefault() throws Exception {
        CertId id = site.fresh("meter");
        site.ask(id);

        try (Client client = site.connect()) {
            Client.Reply reply = client.post(withNonce(id, 16)).read();
            assertThat(judge(reply, id)).isInstanceOf(Verdict.Good.class);
            assertThat(reply.header("Cache-Control")).startsWith("max-age=");
        }
        assertThat(site.responder.seen()).hasSize(1);
    }

    @Test
    void aNonceIsForwardedWhereTheConfigurationSaysSoAndAnsweredFromTheCacheInAnOutage() throws Exception {
        try (Site other = new Site(folder.resolve("other"), Site.config(Nonce.FORWARD));
                Client client = other.connect()) {
            CertId id = other.fresh("meter");
            other.ask(id);

            Client.Reply forwarded = client.post(withNonce(id, 16)).read();
            assertThat(forwarded.headers()).containsEntry("Cache-Control", "no-store");
            assertThat(other.responder.seen()).hasSize(2);

            other.responder.close();
            Client.Reply kept = client.post(withNonce(id, 16)).read();
            assertThat(kept.ocspStatus()).isEqualTo(OCSPResp.SUCCESSFUL);
            assertThat(kept.header("Cache-Control")).startsWith("max-age=");
        }
    }

    @ParameterizedTest
    @CsvSource({"PUT, 405", "DELETE, 405", "OPTIONS, 405", "BREW, 405"})
    void otherMethodsAreRefused(String method, int status) throws IOException {
        Client.Reply reply = site.ask(Client.request(method, "/"));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.headers()).containsEntry("Allow", "GET, HEAD, POST");
    }

    @Test
    void aBodyThatIsNoOcspRequestIsRefusedByItsType() throws IOException {
        String head = "Content-Length: 1";
        assertThat(site.ask(Client.request("POST", "/", head) + "x").status()).isEqualTo(415);
        assertThat(site.ask(Client.request("POST", "/", head, "Content-Type: text/plain") + "x")
                        .status())
                .isEqualTo(415);
        String withParameter = "Content-Type: Application/OCSP-request; x=y";
        assertThat(site.ask(Client.request("POST", "/", head, withParameter) + "x")
                        .ocspStatus())
                .isEqualTo(OCSPResp.MALFORMED_REQUEST);
    }

    @Test
    void nothingIsFoundWhereNothingIs() throws IOException {
        for (String target :
                List.of("/", "/favicon.ico", "/metrics", "/%00", "*", "/Mirror.crl", "/../../etc/passwd")) {
            assertThat(site.ask(Client.request("GET", target)).status())
                    .as(target)
                    .isEqualTo(404);
        }
        assertThat(site.ask(Client.request("GET", "/%zz")).status()).isEqualTo(400);
        assertThat(site.ask(Client.request("GET", "http://[")).status()).isEqualTo(400);
        assertThat(site.ask(Client.request("GET", "/MAsCAQE=")).ocspStatus()).isEqualTo(OCSPResp.MALFORMED_REQUEST);
    }

    /** A request with a nonce of so many bytes (RFC 9654). */
    private static byte[] withNonce(CertId id, int length) throws IOException {
        TBSRequest plain = OCSPRequest.getInstance(OcspRequest.encode(id)).getTbsRequest();
        byte[] nonce = new DEROctetString(new byte[length]).getEncoded();
        Extensions extensions = new Extensions(new Extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, nonce));
        return new OCSPRequest(new TBSRequest(null, plain.getRequestList(), extensions), null).getEncoded();
    }

    private Verdict judge(Client.Reply reply, CertId id) {
        return judge(reply.body(), id);
    }

    private Verdict judge(byte[] response, CertId id) {
        return new OcspValidator(Duration.ofMinutes(5), null)
                .judge(response, id, site.ca.certificate(), site.clock.instant());
    }
}
