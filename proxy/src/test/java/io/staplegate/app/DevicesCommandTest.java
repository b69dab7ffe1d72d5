package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.testing.ProxyProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code devices}, against a demo that asks devices for their certificates. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class DevicesCommandTest {
    private static final char[] NO_PASSWORD = {};

    private final Path files;
    private final Path log;
    private ProxyProcess demo;
    private String url;

    DevicesCommandTest(@TempDir Path folder) {
        files = folder.resolve("demo");
        log = folder.resolve("log");
    }

    @BeforeAll
    void start() throws Exception {
        demo = ProxyProcess.serving(
                log,
                "demo",
                "--directory",
                files,
                "--tls-port",
                0,
                "--dtls-port",
                0,
                "--admin-port",
                0,
                "--responder-port",
                0,
                "--client-auth",
                "require");
        url = "http://127.0.0.1:" + demo.port("admin");
    }

    @AfterAll
    void stop() throws Exception {
        demo.close();
    }

    @Test
    void aDeviceIsListedWhileItIsInAndKeptOutWhenItIsDenied() throws Exception {
        assertThat(Outcome.of("devices", "--admin", url).out().lines())
                .singleElement()
                .asString()
                .matches("NAME +STATUS +BY +ENDS IN +SESSIONS +SEEN +CERTIFICATE +ISSUER");
        try (SSLSocket device = connect()) {
            device.getOutputStream().write('!');
            assertThat(device.getInputStream().read()).isEqualTo('!');
            assertThat(Outcome.of("devices", "--admin", url).out().lines())
                    .hasSize(2)
                    .last()
                    .asString()
                    .matches("demo device +good +ocsp +(7h 59m|8h 0m) +1 +now +[0-9a-f]+"
                            + " +CN=Staplegate demo intermediate");
            assertThat(Outcome.of("devices", "--revoked", "--admin", url).out().lines())
                    .hasSize(1);

            Files.writeString(files.resolve("denied.txt"), "name:demo device\n", StandardOpenOption.APPEND);

            assertThatThrownBy(device.getInputStream()::read)
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("access_denied");
        }
        Outcome revoked = Outcome.of("devices", "--revoked", "--admin", url);
        assertThat(revoked.exit()).isZero();
        assertThat(revoked.out().lines())
                .hasSize(2)
                .last()
                .asString()
                .matches("demo device +denied +deny_list +- +0 +\\d+s ago +.*");
        assertThat(Outcome.of("devices", "--revoked", "--json", "--admin", url).out())
                .isEqualTo(Outcome.of("devices", "--json", "--admin", url).out())
                .contains("\"name\":\"demo device\"", "\"status\":\"denied\"", "\"source\":\"deny_list\"");
    }

    @Test
    void anotherServerIsNotTakenForAProxy() {
        Outcome outcome = Outcome.of("devices", "--admin", "http://127.0.0.1:" + demo.port("responder"));
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("error: ");
    }

    /** The demo's device, as the JDK's client. */
    private SSLSocket connect() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", certificates("ca.pem")[0]);
        store.setKeyEntry("device", key(), NO_PASSWORD, certificates("device.pem"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket("localhost", demo.port("tls"));
    }

    private Certificate[] certificates(String name) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(files.resolve(name))) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .toArray(Certificate[]::new);
        }
    }

    private PrivateKey key() throws IOException, GeneralSecurityException {
        String pem = Files.readString(files.resolve("device.key")).replaceAll("-----[A-Z ]+-----", "");
        byte[] der = Base64.getMimeDecoder().decode(pem);
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }
}
