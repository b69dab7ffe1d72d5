package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.Configuration;
import io.staplegate.config.ConfigurationFile;
import io.staplegate.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes a reload can take, and which need a restart. */
final class FrozenKeysTest {
    private static final String YAML = """
            identities:
              - { name: gateway, certificate: gateway.pem, key: gateway.key }
              - { name: meters, certificate: meters.pem, key: meters.key }
            backends:
              - { name: broker, address: "127.0.0.1:1883" }
              - { name: lwm2m, address: "127.0.0.1:5683", transport: udp }
            listeners:
              - { name: mqtts, bind: "127.0.0.1:8883", identities: [gateway], backend: broker, strictSni: false }
              - { name: coaps, bind: "127.0.0.1:5684", protocol: dtls, identities: [meters], backend: lwm2m,
                  dtls: { mtu: 1232, psk: meters.psk } }
            admin: { bind: "127.0.0.1:0" }
            """;

    @TempDir
    private Path folder;

    @Test
    void nothingDiffersFromItself() throws IOException {
        assertThat(changed("8883", "8883")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.pem, other.pem",
        "meters.key, other.key",
        "identities: [gateway], 'identities: [meters, gateway]'",
        "strictSni: false, strictSni: true",
        "meters.psk, other.psk",
        "', psk: meters.psk', ''",
        "key: gateway.key, 'key: gateway.key, stapling: must'",
    })
    void identitiesAndWhoUsesThemCanChange(String before, String after) throws IOException {
        assertThat(changed(before, after)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "8883, 8884, listeners[0].bind",
        "mqtts, mqtt, listeners[0].name",
        "strictSni: false, alpn: [mqtt], listeners[0].alpn",
        "1883, 1884, backends[0].address[0]",
        "'transport: udp', 'transport: udp, sourceAddresses: [127.0.0.2]', backends[1].sourceAddresses",
        "mtu: 1232, mtu: 1400, listeners[1].dtls.mtu",
        "mtu: 1232, rsa: true, listeners[1].dtls.rsa",
        "mtu: 1232, sessionKey: s.key, listeners[1].dtls.sessionKey",
        "admin:, 'ocsp: { leeway: 9s }\nadmin:', ocsp.leeway",
        "admin:, 'state: { directory: elsewhere }\nadmin:', state.directory",
        "'127.0.0.1:0', '127.0.0.2:0', admin.bind",
    })
    void theRestNeedsARestart(String before, String after, String key) throws IOException {
        assertThat(changed(before, after)).containsExactly(Problem.error(key, "changed, which needs a restart", null));
    }

    @Test
    void aListenerMoreNeedsARestart() throws IOException {
        String more = "listeners:\n  - { name: more, bind: \"127.0.0.1:8884\", identities: [meters], backend: broker }";
        assertThat(changed("listeners:", more)).extracting(Problem::path).containsExactly("listeners");
    }

    @Test
    void thePortThatZeroPickedIsNoChange() throws IOException {
        assertThat(changed("127.0.0.1:0", "127.0.0.1:9464")).isEmpty();
    }

    private List<Problem> changed(String before, String after) throws IOException {
        return FrozenKeys.changed(read(YAML), read(YAML.replace(before, after)));
    }

    private Configuration read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("staplegate.yaml"), yaml);
        return Objects.requireNonNull(ConfigurationFile.read(file, Map.of()).configuration());
    }
}
