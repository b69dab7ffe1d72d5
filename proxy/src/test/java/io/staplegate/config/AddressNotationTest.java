package io.staplegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressNotationTest {
    private static final Path FOLDER = Path.of("/etc/staplegate");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0:8883",
                "127.0.0.1:0",
                "localhost:65535",
                "broker:1883",
                "broker.example.:1883",
                "my_broker-1:1883",
                "[::]:8883",
                "[2001:db8::1]:443",
                "[::ffff:10.0.0.1]:443",
                "[fe80::1%eth0]:443"
            })
    void readsHostAndPort(String text) {
        assertThat(AddressNotation.hostPort(text))
                .isInstanceOfSatisfying(
                        Parsed.Value.class, parsed -> assertThat(parsed.value()).hasToString(text));
    }

    @ParameterizedTest
    @CsvSource({"unix:/run/a.sock,/run/a.sock", "unix:a.sock,/etc/staplegate/a.sock", "unix:/a:1,/a:1"})
    void readsUnixSockets(String text, Path path) {
        assertThat(AddressNotation.socketAddress(text, FOLDER))
                .isEqualTo(new Parsed.Value<>(new SocketAddress.UnixPath(path)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":1",
                "a",
                "1",
                "a:",
                "a:b",
                "a:-1",
                "a:01",
                "a:65536",
                "a:99999999999",
                "a b:1",
                "-a:1",
                "a..b:1",
                "1.2.3:1",
                "1.2.3.256:1",
                "01.2.3.4.5:1",
                "::1:1",
                "[]:1",
                "[::1]",
                "[::1]1",
                "[1.2.3.4]:1",
                "[::g]:1",
                "[::1:1",
                "tcp://a:1",
                "unix:/a"
            })
    void refusesWhatIsNotHostAndPort(String text) {
        assertThat(AddressNotation.hostPort(text)).isInstanceOf(Parsed.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1,true", "::1,true", "10.0.0,false", "localhost,false", "[::1],false", "10.0.0.1:5,false"})
    void tellsIpAddressesFromNames(String text, boolean valid) {
        assertThat(AddressNotation.ipAddress(text) instanceof Parsed.Value).isEqualTo(valid);
    }
}
