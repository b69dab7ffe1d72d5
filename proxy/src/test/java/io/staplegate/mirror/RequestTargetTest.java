package io.staplegate.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspRequest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests may be directed at: a device does not know that it asks a mirror. */
@Timeout(60)
final class RequestTargetTest {
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

    /** What it appends to the URL in its certificate (RFC 6960 appendix A.1) comes here by DNS or an HTTP proxy. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ca1",
                "/ca1/",
                "/ejbca/publicweb/status/ocsp",
                "/MAIN/MC",
                "//MABC",
                "http://ocsp.example/ca1",
                "http://ocsp.example:8080/MAIN/ca1/"
            })
    void theUrlOfAResponderMayHaveAPath(String url) throws IOException {
        byte[] der = OcspRequest.encode(withSlashes());
        byte[] response = site.ask(Client.request("GET", Client.path(der))).body();

        for (String request :
                List.of(Client.path(der), "/" + Base64.getEncoder().encodeToString(der))) {
            assertThat(site.ask(Client.request("GET", url + request)).body())
                    .as(request)
                    .isEqualTo(response);
        }
        assertThat(new OCSPResp(response).getStatus()).isEqualTo(OCSPResp.SUCCESSFUL);
    }

    @Test
    void aSpoiledRequestBelowAPathIsToldSoAndOtherPathsAreNotFound() throws IOException {
        assertThat(site.ask(Client.request("GET", "/ca1/MAsCAQE=")).ocspStatus())
                .isEqualTo(OCSPResp.MALFORMED_REQUEST);
        for (String path : List.of("/ca1/", "/ca1/Makefile", "/Makefile", "/M", "/M/M/M/M", "/ca1/MAsC.crl")) {
            assertThat(site.ask(Client.request("GET", path)).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void noMoreThanAFewPlacesAreTried() throws IOException {
        byte[] der = OcspRequest.encode(site.fresh("meter"));

        assertThat(site.ask(Client.request("GET", "/MAAA".repeat(3) + Client.path(der)))
                        .ocspStatus())
                .isEqualTo(OCSPResp.SUCCESSFUL);
        assertThat(site.ask(Client.request("GET", "/MAAA".repeat(1_500) + Client.path(der)))
                        .ocspStatus())
                .isEqualTo(OCSPResp.MALFORMED_REQUEST);
    }

    /** RFC 9112 §3.2. */
    @Test
    void aRequestHasOneHostUnlessItIsOld() throws IOException {
        String path = Client.path(OcspRequest.encode(site.fresh("meter")));

        for (String head : List.of(
                "GET " + path + " HTTP/1.1\r\n\r\n",
                "GET http://mirror.example" + path + " HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
                host(path, "a\r\nHost: b"),
                host(path, "a\r\nHost: a"),
                host(path, "a b"),
                host(path, "a/b"),
                host(path, "a?b"),
                host(path, "user@a"),
                host(path, "["))) {
            assertThat(site.ask(head).status()).as(head).isEqualTo(400);
        }
        for (String value : List.of("mirror.example:8889", "127.0.0.1", "[::1]:80", "my_mirror", "")) {
            assertThat(site.ask(host(path, value)).status()).as(value).isEqualTo(200);
        }
        assertThat(site.ask("GET " + path + " HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
    }

    private static String host(String path, String value) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + value + "\r\n\r\n";
    }

    /** A certificate a request about which has slashes in Base64, one of them where another could seem to begin. */
    private CertId withSlashes() {
        return IntStream.iterate(0x3FCC0, i -> i + 1)
                .mapToObj(i -> CertId.of(
                        CertIdHash.SHA1,
                        site.ca.certificate(),
                        BigInteger.valueOf(i).shiftLeft(64)))
                .filter(id -> Base64.getEncoder()
                        .encodeToString(OcspRequest.encode(id))
                        .matches(".*/M[A-P].*"))
                .findFirst()
                .orElseThrow();
    }
}
