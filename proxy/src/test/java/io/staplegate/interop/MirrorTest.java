package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.demo.DemoDirectory;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.ProxyProcess;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that ask for themselves, with nothing to reach but the mirror: the responder is gone once it was asked. */
class MirrorTest {
    @TempDir
    static Path folder;

    private static StapledServer server;
    private static String mirror;

    @BeforeAll
    static void askOnceAndLoseResponder() throws Exception {
        server = StapledServer.in(folder, Duration.ofHours(12)).withMirror().start();
        mirror = "http://127.0.0.1:" + server.proxy().port("mirror");
        for (String hash : List.of("-sha1", "-sha256")) {
            assertThat(openssl(hash, "device.pem")).contains("device.pem: good");
            assertThat(openssl(hash, "chain.pem")).contains("chain.pem: good");
        }
        server.loseResponder();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"-sha1, chain.pem", "-sha256, chain.pem", "-sha1, device.pem", "-sha256, device.pem"})
    void opensslVerifiesWhatItGetsByEitherHash(String hash, String certificate) throws Exception {
        assertThat(openssl(hash, certificate)).contains("Response verify OK", certificate + ": good");
    }

    @Test
    void opensslIsToldThatAForeignCaIsNotServed(@TempDir Path elsewhere) throws Exception {
        DemoDirectory foreign = new DemoDirectory(elsewhere);
        foreign.pki(URI.create("http://ocsp.example"), Instant.now());

        var outcome = ExternalProgram.named("openssl")
                .in(elsewhere)
                .run("ocsp", "-url", mirror, "-issuer", "intermediate.pem", "-cert", "chain.pem");

        assertThat(outcome.output()).contains("unauthorized (6)");
    }

    @Test
    void aJdkClientThatIsToldOfTheMirrorFindsTheWholeChainGood() {
        List<X509Certificate> chain =
                List.of(server.pki().server(), server.pki().intermediate().certificate());

        assertThatCode(() -> validate(chain)).doesNotThrowAnyException();
        assertThatCode(() -> validate(List.of(server.pki().device(), chain.getLast())))
                .doesNotThrowAnyException();
    }

    @Test
    void aJdkClientLearnsThatNobodyCanSay(@TempDir Path elsewhere) throws Exception {
        DemoDirectory foreign = new DemoDirectory(elsewhere);
        var pki = foreign.pki(URI.create("http://ocsp.example"), Instant.now());

        assertThatThrownBy(() -> validate(
                        List.of(pki.server(), pki.intermediate().certificate()),
                        pki.root().certificate()))
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void curlFindsTheHeadersThatCachesNeed() throws Exception {
        ExternalProgram.named("openssl")
                .in(folder)
                .run(
                        "ocsp",
                        "-no_nonce",
                        "-issuer",
                        "intermediate.pem",
                        "-cert",
                        "chain.pem",
                        "-reqout",
                        "request.der");
        var outcome = ExternalProgram.named("curl")
                .in(folder)
                .run(
                        "--silent",
                        "--include",
                        "--output",
                        "reply.txt",
                        "--write-out",
                        "%{http_code} %{content_type}",
                        "--data-binary",
                        "@request.der",
                        "--header",
                        "Content-Type: application/ocsp-request",
                        mirror);

        assertThat(outcome.output()).isEqualTo("200 application/ocsp-response");
        assertThat(Files.readString(folder.resolve("reply.txt"), StandardCharsets.ISO_8859_1))
                .containsPattern("(?i)cache-control: max-age=\\d+,public,no-transform,must-revalidate")
                .containsPattern("(?i)etag: \"[0-9a-f]{64}\"");
    }

    @Test
    void anotherStaplegateGetsItsStaplesFromTheMirror(@TempDir Path state) throws Exception {
        String yaml = Files.readString(server.directory().configuration())
                .replaceFirst("(?s)mirror:.*", "")
                .replaceAll("(?m)^(    (certificate|key|issuers): )", "$1" + folder + "/")
                .replaceFirst("directory: .*", "directory: '" + state.resolve("state") + "'");
        Path file = Files.writeString(state.resolve("sidecar.yaml"), yaml + "ocsp:\n  upstream: " + mirror + "\n");

        try (ProxyProcess sidecar = ProxyProcess.serving(state.resolve("run.log"), "run", "--config", file)) {
            var outcome = ExternalProgram.named("openssl")
                    .run(
                            "s_client",
                            "-connect",
                            "localhost:" + sidecar.port("tls"),
                            "-CAfile",
                            server.ca(),
                            "-verify_return_error",
                            "-status");
            assertThat(outcome.output()).contains("Cert Status: good", "Verify return code: 0 (ok)");
        }
    }

    private static String openssl(String hash, String certificate) throws Exception {
        return ExternalProgram.named("openssl")
                .in(folder)
                .run(
                        "ocsp",
                        "-url",
                        mirror,
                        hash,
                        "-issuer",
                        "intermediate.pem",
                        "-cert",
                        certificate,
                        "-CAfile",
                        "ca.pem")
                .output();
    }

    private static void validate(List<X509Certificate> chain) throws GeneralSecurityException {
        validate(chain, server.pki().root().certificate());
    }

    private static void validate(List<X509Certificate> chain, X509Certificate root) throws GeneralSecurityException {
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        checker.setOptions(EnumSet.of(Option.NO_FALLBACK));
        checker.setOcspResponder(URI.create(mirror));
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.addCertPathChecker(checker);
        validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
    }
}
