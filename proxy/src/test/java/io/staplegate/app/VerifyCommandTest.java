package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.OcspReply;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify}: what it prints, and how it exits. */
final class VerifyCommandTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final DemoPki PKI = DemoPki.issue(URI.create("http://ocsp.example/"), NOW);
    private static final OcspReply GOOD = good(PKI.intermediate());

    @TempDir
    private Path folder;

    private Path cert;
    private Path issuer;
    private Path response;

    private static OcspReply good(Authority signer) {
        return OcspReply.good(
                OcspReply.certId(PKI.server(), PKI.intermediate().certificate(), false),
                signer,
                NOW.minusSeconds(3600),
                Duration.ofHours(8));
    }

    @BeforeEach
    void writeFiles() throws IOException {
        cert = write("cert.pem", PKI.server());
        issuer = write("issuer.pem", PKI.intermediate().certificate());
        response = folder.resolve("response.der");
    }

    @Test
    void goodIsOneWordAndExitZero() throws IOException {
        assertThat(verify(GOOD.encode())).isEqualTo(new Outcome(0, lines("good"), ""));
    }

    @Test
    void revokedSaysWhyAndExitsOne() throws IOException {
        Outcome outcome =
                verify(GOOD.status(new RevokedStatus(Date.from(NOW), 1)).encode());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out().lines()).first().isEqualTo("revoked");
        assertThat(outcome.out().lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("reason: "));
    }

    @Test
    void unknownExitsOne() throws IOException {
        Outcome outcome = verify(GOOD.status(new UnknownStatus()).encode());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out().lines()).first().isEqualTo("unknown");
    }

    @Test
    void everyReasonHasALine() throws IOException {
        Outcome outcome = verify(good(PKI.root())
                .valid(NOW.minusSeconds(90), NOW.minusSeconds(60))
                .encode());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out().lines()).first().isEqualTo("unusable");
        assertThat(outcome.out().lines().skip(1)).hasSizeGreaterThan(1).allMatch(line -> line.startsWith("reason: "));
    }

    @Test
    void whatIsNoResponseAtAllIsUnusable() throws IOException {
        assertThat(verify("<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .out())
                .startsWith("unusable");
        assertThat(verify(new byte[0]).out()).startsWith("unusable");
        assertThat(verify(new byte[1 << 20]).out()).startsWith("unusable");
    }

    @Test
    void maxAgeIsWrittenAsInTheConfiguration() throws IOException {
        assertThat(verify(GOOD.encode(), "--max-age", "61m").out()).startsWith("good");
        assertThat(verify(GOOD.encode(), "--max-age", "59m").out()).startsWith("unusable");
        assertThat(verify(GOOD.encode(), "--max-age", "1 hour").exit()).isEqualTo(2);
    }

    @Test
    void theCertificateMayBeDerOrTheFirstOfAChainAndTheIssuerOneOfABundle() throws Exception {
        cert = Files.write(folder.resolve("cert.der"), PKI.server().getEncoded());
        assertThat(verify(GOOD.encode()).out()).startsWith("good");
        cert = write("chain.pem", PKI.server(), PKI.intermediate().certificate());
        issuer =
                write("bundle.pem", PKI.root().certificate(), PKI.intermediate().certificate());
        assertThat(verify(GOOD.encode()).out()).startsWith("good");
    }

    @Test
    void aFileThatCannotBeReadExitsTwo() throws IOException {
        Files.write(response, GOOD.encode());
        Path missing = folder.resolve("missing");
        assertThat(Outcome.of("verify", "--cert", missing, "--issuer", issuer, "--response", response))
                .isEqualTo(
                        new Outcome(2, "", lines("error: cannot read \"" + missing + "\" (no such file or folder)")));
        assertThat(Outcome.of("verify", "--cert", cert, "--issuer", issuer, "--response", folder)
                        .exit())
                .isEqualTo(2);
        assertThat(Outcome.of("verify", "--cert", response, "--issuer", issuer, "--response", response))
                .isEqualTo(new Outcome(2, "", lines("error: \"" + response + "\" holds no certificate in PEM or DER")));
    }

    private Outcome verify(byte[] der, String... more) throws IOException {
        Files.write(response, der);
        Object[] arguments = {"verify", "--cert", cert, "--issuer", issuer, "--response", response, "--at", NOW};
        Object[] all = java.util.stream.Stream.concat(java.util.Arrays.stream(arguments), java.util.Arrays.stream(more))
                .toArray();
        return Outcome.of(all);
    }

    private Path write(String name, X509Certificate... certificates) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            for (X509Certificate certificate : certificates) {
                pem.writeObject(certificate);
            }
        }
        return Files.writeString(folder.resolve(name), text.toString());
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }
}
