package io.staplegate.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.OcspReply;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** OpenSSL and we agree. */
class OpensslTest {
    /** Of today, because OpenSSL reads the clock. */
    private final Scene scene = Scene.at(Instant.now());

    private final X509Certificate root = scene.root().certificate();
    private final X509Certificate intermediate = scene.issuer().certificate();

    @TempDir
    private Path folder;

    @BeforeEach
    void writeCertificates() throws IOException {
        write("leaf.pem", scene.leaf());
        write("intermediate.pem", intermediate);
        write("intermediate.key", new JcaPKCS8Generator(scene.issuer().keys().getPrivate(), null));
        write("root.pem", root);
        write("sent.pem", scene.leaf(), intermediate);
    }

    @ParameterizedTest
    @EnumSource
    void makesTheSameRequest(CertIdHash hash) throws Exception {
        String digest = hash == CertIdHash.SHA1 ? "-sha1" : "-sha256";
        openssl("-no_nonce", digest, "-issuer", "intermediate.pem", "-cert", "leaf.pem", "-reqout", "request.der");

        assertThat(OcspRequest.encode(CertId.of(hash, scene.leaf(), intermediate)))
                .isEqualTo(Files.readAllBytes(folder.resolve("request.der")));
    }

    @ParameterizedTest
    @EnumSource(names = {"HONEST", "BY_NAME", "DELEGATED"})
    void findsADressedStapleGoodWithNothingButTheChainAndTheRoot(ResponseVariant variant) throws Exception {
        OcspReply fat = scene.honest().embedding(intermediate, root);
        byte[] response = variant.of(variant == ResponseVariant.DELEGATED ? scene.honest() : fat);
        byte[] dressed = Dressing.dress(response, intermediate, List.of(scene.leaf(), intermediate));

        assertThat(scene.judge(dressed)).isInstanceOf(Verdict.Good.class);
        assertThat(verify(dressed, "intermediate.pem", "leaf.pem")).contains("Response verify OK", "leaf.pem: good");
    }

    @Test
    void findsADressedStapleOfTheIntermediateGoodToo() throws Exception {
        byte[] response = OcspReply.good(
                        OcspReply.certId(intermediate, root, false), scene.root(), scene.now(), Scene.VALIDITY)
                .encode();
        byte[] dressed = Dressing.dress(response, root, List.of(scene.leaf(), intermediate));

        assertThat(verify(dressed, "root.pem", "intermediate.pem"))
                .contains("Response verify OK", "intermediate.pem: good");
    }

    @ParameterizedTest
    @EnumSource(names = {"SIGNED_BY_STRANGER", "DELEGATED_WITHOUT_EKU", "DELEGATED_BY_STRANGER", "BAD_SIGNATURE"})
    void refusesWhatWeRefuse(ResponseVariant variant) throws Exception {
        byte[] response = variant.of(scene.honest());

        assertThat(scene.judge(response)).isInstanceOf(Verdict.Unusable.class);
        assertThat(verify(response, "intermediate.pem", "leaf.pem")).contains("Response Verify Failure");
    }

    @ParameterizedTest
    @EnumSource
    void makesResponsesThatWeFindGood(CertIdHash hash) throws Exception {
        BigInteger serial = scene.leaf().getSerialNumber();
        String index = "V\t400101000000Z\t\t%s\tunknown\t/CN=leaf\n".formatted(hex(serial));
        Files.writeString(folder.resolve("index.txt"), index);
        Files.write(folder.resolve("request.der"), OcspRequest.encode(CertId.of(hash, scene.leaf(), intermediate)));

        String output =
                openssl(("-index index.txt -CA intermediate.pem -rsigner intermediate.pem -rkey intermediate.key"
                                + " -ndays 1 -rmd sha256 -reqin request.der -respout response.der")
                        .split(" "));

        assertThat(output).isEmpty();
        byte[] response = Files.readAllBytes(folder.resolve("response.der"));
        assertThat(scene.judge(response, Instant.now())).isInstanceOf(Verdict.Good.class);
    }

    private String verify(byte[] response, String issuer, String certificate) throws Exception {
        Files.write(folder.resolve("response.der"), response);
        return openssl(
                "-respin",
                "response.der",
                "-issuer",
                issuer,
                "-cert",
                certificate,
                "-CAfile",
                "root.pem",
                "-verify_other",
                "sent.pem");
    }

    private String openssl(String... arguments) throws Exception {
        return ExternalProgram.named("openssl")
                .in(folder)
                .run(Stream.concat(Stream.of("ocsp"), Stream.of(arguments)).toArray())
                .output();
    }

    private static String hex(BigInteger serial) {
        String digits = serial.toString(16).toUpperCase(Locale.ROOT);
        return digits.length() % 2 == 0 ? digits : "0" + digits;
    }

    private void write(String name, Object... objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                pem.writeObject(object);
            }
        }
        Files.writeString(folder.resolve(name), text.toString());
    }
}
