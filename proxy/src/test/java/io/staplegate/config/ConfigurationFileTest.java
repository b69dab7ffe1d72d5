package io.staplegate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigurationFileTest {
    private static final String GATEWAY = """
            identities:
              - name: gateway
                certificate: chain.pem
                key: gateway.key
            """;
    private static final String BROKER = """
            backends:
              - name: broker
                address: 127.0.0.1:1883
            """;
    private static final String MQTTS = """
            listeners:
              - name: mqtts
                bind: 0.0.0.0:8883
                identities: gateway
                backend: broker
            """;

    @TempDir
    private Path folder;

    @Test
    void readsEveryKindOfValue() throws IOException {
        var configuration = valid("""
                identities:
                  - { name: a, certificate: a.pem, key: /keys/a.key, issuers: ../root.pem, stapling: must,
                      responders: ["http://ocsp.example/a?b", "HTTPS://[::1]:8080"], export: [a.ocsp] }
                  - { name: b, certificate: b.pem, key: "pkcs11:token=t;object=b?pin-value=1234" }
                backends:
                  - { name: tcp, address: ["broker.example:1883", "[fe80::1%eth9]:1883"], proxyProtocol: v2 }
                  - { name: unix, address: "unix:run/broker.sock", connectTimeout: 250ms }
                listeners:
                  - { name: l, bind: "[::]:0", identities: [a, b], backend: unix, strictSni: true,
                      alpn: [mqtt, http/1.1], idleTimeout: 7d, maxConnections: 5 }
                  - { name: m, bind: "localhost:8883", identities: b, backend: tcp }
                ocsp: { certIdHash: sha256, leeway: 0s, maxAge: 36h, proxy: "proxy:3128" }
                """);
        var first = configuration.identities().getFirst();
        assertThat(first.certificate()).isEqualTo(new FileReference("a.pem", folder.resolve("a.pem")));
        assertThat(first.key())
                .isEqualTo(new KeySource.PemKey(new FileReference("/keys/a.key", Path.of("/keys/a.key"))));
        assertThat(first.issuers()).isEqualTo(new FileReference("../root.pem", folder.resolve("../root.pem")));
        assertThat(first.stapling()).isEqualTo(IdentityConfig.Stapling.MUST);
        assertThat(first.responders())
                .containsExactly(URI.create("http://ocsp.example/a?b"), URI.create("HTTPS://[::1]:8080"));
        assertThat(configuration.identities().getLast().key())
                .isEqualTo(new KeySource.TokenKey("pkcs11:token=t;object=b?pin-value=1234"));
        assertThat(configuration.backends())
                .extracting(BackendConfig::address)
                .containsExactly(
                        List.of(
                                new SocketAddress.HostPort("broker.example", 1883),
                                new SocketAddress.HostPort("fe80::1%eth9", 1883)),
                        List.of(new SocketAddress.UnixPath(folder.resolve("run/broker.sock"))));
        assertThat(configuration.backends().getLast().connectTimeout()).isEqualTo(Duration.ofMillis(250));
        var listener = configuration.listeners().getFirst();
        assertThat(listener.bind()).isEqualTo(new SocketAddress.HostPort("::", 0));
        assertThat(listener.alpn()).containsExactly("mqtt", "http/1.1");
        assertThat(listener.effectiveIdleTimeout()).isEqualTo(Duration.ofDays(7));
        assertThat(configuration.ocsp().maxAge()).isEqualTo(Duration.ofHours(36));
        assertThat(configuration.ocsp().proxy()).isEqualTo(new SocketAddress.HostPort("proxy", 3128));
    }

    @Test
    void readsWhatADtlsListenerHas() throws IOException {
        var configuration = valid(GATEWAY + BROKER + """
                  - { name: lwm2m, address: "lwm2m.example:5683", transport: udp,
                      sourceAddresses: [10.0.0.1, "fd00::1"] }
                listeners:
                  - { name: coaps, bind: "0.0.0.0:5684", protocol: dtls, identities: gateway, backend: lwm2m,
                      dtls: { mtu: 1400, retransmit: 3s, connectionIdLength: 0, rsa: true, maxHandshakes: 9,
                              maxHandshakesPerSource: 3, keepSessions: true, sessionKey: s.key, psk: d.psk } }
                  - { name: tls, bind: "0.0.0.0:5684", identities: gateway, backend: broker }
                """);
        assertThat(configuration.backends().getLast().sourceAddresses())
                .containsExactly(InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("fd00::1"));
        var listener = configuration.listeners().getFirst();
        assertThat(listener.effectiveIdleTimeout()).isEqualTo(Duration.ofDays(2));
        assertThat(listener.dtls())
                .isEqualTo(new DtlsConfig(
                        1400,
                        Duration.ofSeconds(3),
                        0,
                        true,
                        9,
                        3,
                        true,
                        new FileReference("s.key", folder.resolve("s.key")),
                        new FileReference("d.psk", folder.resolve("d.psk"))));
        assertThat(configuration.listeners().getLast().dtls())
                .as("the defaults, where the file says nothing")
                .isEqualTo(new DtlsConfig(1232, Duration.ofSeconds(1), 6, false, 10_000, 1_000, false, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "false", "\"off\"", "${OFF}", "${NONE:-off}"})
    void readsOffHoweverYamlToolsWriteIt(String off) throws IOException {
        var configuration = valid(GATEWAY + "    stapling: " + off + "\n    export: []\n" + BROKER + MQTTS);
        assertThat(configuration.identities().getFirst().stapling()).isEqualTo(IdentityConfig.Stapling.OFF);
    }

    @Test
    void replacesVariablesInAnyValue() throws IOException {
        var configuration = valid(GATEWAY + BROKER.replace("127.0.0.1:1883", "${HOST}:${PORT:-1883}") + MQTTS + """
                    maxConnections: ${MAX:-7}
                    alpn: ["$${HOST}", "${EMPTY:-default}", '${HOST}x']
                """);
        assertThat(configuration.backends().getFirst().address())
                .containsExactly(new SocketAddress.HostPort("10.0.0.1", 1883));
        var listener = configuration.listeners().getFirst();
        assertThat(listener.maxConnections()).isEqualTo(7);
        assertThat(listener.alpn()).containsExactly("${HOST}", "default", "10.0.0.1x");
    }

    @Test
    void followsAliases() throws IOException {
        var configuration = valid(GATEWAY + BROKER + """
                listeners:
                  - { name: one, bind: "0.0.0.0:1", identities: &all [gateway], backend: broker, idleTimeout: &idle 5m }
                  - { name: two, bind: "0.0.0.0:2", identities: *all, backend: broker, idleTimeout: *idle }
                """);
        var second = configuration.listeners().getLast();
        assertThat(second.identities()).containsExactly("gateway");
        assertThat(second.idleTimeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void readsWhatWindowsEditorsWrite() throws IOException {
        valid("\uFEFF" + (GATEWAY + BROKER + MQTTS).replace("\n", "\r\n"));
    }

    @Test
    void readsTenThousandIdentities() throws IOException {
        var text = new StringBuilder("identities:\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("""
                      - name: gateway-%d
                        certificate: /etc/staplegate/identities/gateway-%d/chain.pem
                        key: /etc/staplegate/identities/gateway-%d/key.pem
                        issuers: /etc/staplegate/root.pem
                        export: [/etc/staplegate/identities/gateway-%d/chain.pem.ocsp]
                    """.formatted(i, i, i, i));
        }
        assertThat(valid(text.toString()).identities()).hasSize(10_000);
    }

    @Test
    void leavesOutWhatIsBrokenAndWhatRefersToIt() throws IOException {
        var reading = read("""
                identities:
                  - { name: good, certificate: a.pem, key: a.key, stapling: nonsense }
                  - { name: no-key, certificate: b.pem }
                backends:
                  - { name: good, address: "127.0.0.1:1883" }
                  - { name: no-port, address: 127.0.0.1 }
                listeners:
                  - { name: one, bind: "0.0.0.0:1", identities: [no-key, good], backend: good }
                  - { name: two, bind: "0.0.0.0:2", identities: [no-key], backend: good }
                  - { name: three, bind: "0.0.0.0:3", identities: [good], backend: no-port }
                """);
        var configuration = Objects.requireNonNull(reading.configuration());
        assertThat(reading.problems())
                .extracting(Problem::path)
                .containsExactly("identities[0].stapling", "identities[1].key", "backends[1].address");
        assertThat(configuration.identities())
                .singleElement()
                .returns(IdentityConfig.Stapling.AUTO, IdentityConfig::stapling);
        assertThat(configuration.listeners()).singleElement().returns(List.of("good"), ListenerConfig::identities);
    }

    @Test
    void tellsProblemsInTheOrderOfTheFile() throws IOException {
        var reading = read("admin: { port: 1 }\n" + MQTTS.replace("broker", "brokr") + BROKER + "    color: red\n"
                + GATEWAY + "    stapling: may\n");
        assertThat(reading.problems())
                .extracting(Problem::path)
                .containsExactly("admin.port", "listeners[0].backend", "backends[0].color", "identities[0].stapling");
    }

    @Test
    void keepsThePinOfATokenOutOfMessages() {
        var key = new KeySource.TokenKey("pkcs11:token=t?pin-value=1234&module-path=/lib/p11.so");
        assertThat(key.written()).isEqualTo("pkcs11:token=t?pin-value=…&module-path=/lib/p11.so");
        assertThat(key.toString()).doesNotContain("1234");
    }

    @Test
    void saysThatThereIsNoFile() {
        assertSays(folder.resolve("none.yaml"), "error: %s does not exist");
    }

    @Test
    void saysThatItIsADirectory() {
        assertSays(folder, "error: %s is a directory\nhint: name the file in it");
    }

    @Test
    void saysThatTheFileMayNotBeRead() throws IOException {
        var file = Files.writeString(folder.resolve("secret.yaml"), GATEWAY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "root reads everything");
        assertSays(file, "error: %s cannot be read (permission denied)");
    }

    @Test
    void saysThatTheFileCannotBeRead() throws IOException {
        var loop = folder.resolve("loop.yaml");
        Files.createSymbolicLink(loop, loop);
        assertThat(rendered(loop)).startsWith("error: " + Problem.quoted(loop) + " cannot be read (");
    }

    @Test
    void saysThatTheFileIsTooLarge() throws IOException {
        var file = folder.resolve("large.yaml");
        Files.write(file, new byte[TextFile.LARGEST + 1]);
        assertSays(file, "error: %s is larger than 4 MiB\nhint: is it a configuration file?");
    }

    @Test
    void saysWhereTheFileIsNotUtf8() throws IOException {
        var file = folder.resolve("latin1.yaml");
        Files.write(file, "identities:\n  - name: z\u00e4hler\n".getBytes(StandardCharsets.ISO_8859_1));
        assertSays(file, "error: line 2: not UTF-8 (byte 0xe4)\nhint: save the file as UTF-8");
    }

    @Test
    void saysThatTheFileIsCutInTheMiddleOfACharacter() throws IOException {
        var file = folder.resolve("cut.yaml");
        Files.write(file, new byte[] {'a', '\n', (byte) 0xc3});
        assertSays(file, "error: line 2: not UTF-8 (byte 0xc3)\nhint: save the file as UTF-8");
    }

    @Test
    void saysWhereAControlCharacterIs() throws IOException {
        var file = Files.writeString(folder.resolve("control.yaml"), "identities:\n  - name: a\u0007b\n");
        assertSays(file, "error: line 2: the character U+0007 is not allowed");
    }

    private Configuration valid(String text) throws IOException {
        var reading = read(text);
        assertThat(reading.problems().stream().filter(Problem::isError)).isEmpty();
        return Objects.requireNonNull(reading.configuration());
    }

    private ConfigurationFile.Reading read(String text) throws IOException {
        var file = Files.writeString(folder.resolve("staplegate.yaml"), text);
        return ConfigurationFile.read(file, Map.of("HOST", "10.0.0.1", "EMPTY", "", "OFF", "off"));
    }

    private static void assertSays(Path file, String expected) {
        assertThat(rendered(file)).isEqualTo(expected.formatted(Problem.quoted(file)));
    }

    private static String rendered(Path file) {
        var reading = ConfigurationFile.read(file, Map.of());
        assertThat(reading.configuration()).isNull();
        assertThat(reading.problems()).hasSize(1);
        return reading.problems().getFirst().render();
    }
}
