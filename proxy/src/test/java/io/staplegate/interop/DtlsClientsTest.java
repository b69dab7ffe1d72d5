package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.testing.ExternalProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every DTLS client that devices have, with nothing to reach but the proxy: the responder is gone. */
class DtlsClientsTest {
    private static final String IDENTITY = "meter-1";
    private static final String KEY = "03010401050902060503050809070903";

    @TempDir
    static Path folder;

    private static DtlsServer server;

    @BeforeAll
    static void startAndLoseResponder() throws Exception {
        Files.writeString(folder.resolve("devices.psk"), IDENTITY + ":" + KEY + "\n");
        server = DtlsServer.in(folder, "psk: devices.psk").start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void opensslSeesAGoodStapleInItsFirstHandshake() throws Exception {
        assertThat(DtlsClient.OPENSSL.talk(server, server.port()))
                .contains("OCSP Response Status: successful", "Cert Status: good", "Verify return code: 0 (ok)");
    }

    @Test
    void opensslIsSentNothingThatItDidNotAskFor() throws Exception {
        var client = ExternalProgram.named("openssl")
                .start(Stream.concat(DtlsClient.openssl(server, server.port()), Stream.of("-msg"))
                        .toArray());
        assertThat(DtlsClient.echo(client, "Verify return code: 0 (ok)")).doesNotContain("CertificateStatus");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ECDHE-ECDSA-AES128-GCM-SHA256",
                "ECDHE-ECDSA-AES128-CCM",
                "ECDHE-ECDSA-AES128-CCM8",
                "ECDHE-ECDSA-CHACHA20-POLY1305"
            })
    void opensslSpeaksEverySuite(String suite) throws Exception {
        var client = ExternalProgram.named("openssl")
                .start(Stream.concat(
                                DtlsClient.openssl(server, server.port()), Stream.of("-cipher", suite + ":@SECLEVEL=0"))
                        .toArray());
        assertThat(DtlsClient.echo(client, "Verify return code: 0 (ok)")).contains("Cipher    : " + suite);
    }

    @Test
    void gnutlsAcceptsTheStapleAndKeepsIt(@TempDir Path received) throws Exception {
        Path staple = received.resolve("staple.der");
        var client = ExternalProgram.named("gnutls-cli")
                .start(Stream.concat(Stream.of("--save-ocsp=" + staple), DtlsClient.gnutls(server, server.port()))
                        .toArray());
        assertThat(DtlsClient.echo(client, "Handshake was completed"))
                .contains("Status: The certificate is trusted", "OCSP status request");
        var verdict = ExternalProgram.named("openssl")
                .run("ocsp", "-respin", staple, "-CAfile", server.ca(), "-verify_other", folder.resolve("chain.pem"));
        assertThat(verdict.output()).contains("Response verify OK");
    }

    @Test
    void theJdkAcceptsTheWholeChainWithoutAsking() throws Exception {
        var device = HardFailingDevice.trusting(server.pki().root().certificate());
        assertThat(device.echoOverDtls(server.port(), "reading 42")).isEqualTo("reading 42");
    }

    @Test
    void aDeviceThatTrustsAnotherRootIsNotFooled(@TempDir Path elsewhere) throws Exception {
        try (DtlsServer other = DtlsServer.in(elsewhere)) {
            var device = HardFailingDevice.trusting(other.pki().root().certificate());
            assertThatThrownBy(() -> device.echoOverDtls(server.port(), "x")).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {"TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"})
    void scandiumGetsAConnectionId(CipherSuite suite) throws Exception {
        try (ScandiumDevice device = ScandiumDevice.trusting(server.pki().root().certificate())
                .suite(suite)
                .withConnectionId()
                .before(server.port())) {
            var answer = device.exchange("reading 42");
            assertThat(answer.text()).isEqualTo("reading 42");
            assertThat(answer.session().get(DtlsEndpointContext.KEY_CIPHER)).isEqualTo(suite.name());
            assertThat(answer.session()
                            .get(DtlsEndpointContext.KEY_WRITE_CONNECTION_ID)
                            .length())
                    .isEqualTo(6);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {
                "TLS_PSK_WITH_AES_128_CCM_8",
                "TLS_PSK_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256",
                "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256"
            })
    void scandiumSharesAKey(CipherSuite suite) throws Exception {
        try (ScandiumDevice device = ScandiumDevice.knowing(
                        IDENTITY, HexFormat.of().parseHex(KEY))
                .suite(suite)
                .withConnectionId()
                .before(server.port())) {
            assertThat(device.exchange("reading 42").text()).isEqualTo("reading 42");
        }
    }

    @Test
    void opensslSharesAKey() throws Exception {
        var client = ExternalProgram.named("openssl")
                .start(
                        "s_client",
                        "-dtls1_2",
                        "-mtu",
                        1400,
                        "-connect",
                        "127.0.0.1:" + server.port(),
                        "-psk_identity",
                        IDENTITY,
                        "-psk",
                        KEY,
                        "-cipher",
                        "PSK-AES128-CCM8:@SECLEVEL=0");
        assertThat(DtlsClient.echo(client, "Cipher    : PSK-AES128-CCM8")).contains("PSK identity: " + IDENTITY);
    }
}
