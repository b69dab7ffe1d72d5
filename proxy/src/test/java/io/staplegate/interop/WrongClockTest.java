package io.staplegate.interop;

import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.staplegate.app.Main;
import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy on a machine whose clock begins in 1970, beside a CA and devices whose clocks are right. */
class WrongClockTest {
    private static final Pattern READY = Pattern.compile("(?m)^ready tls=(\\d+) .*$");
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    @TempDir
    private Path folder;

    @Test
    void devicesSeeGoodStaplesFromTheStartAndFromTheDisk() throws Exception {
        DemoDirectory directory = new DemoDirectory(folder);
        StatusBook book = new StatusBook(Duration.ofHours(12), InstantSource.system());
        try (Responder responder = Responder.start(0, (request, context) -> {
            var response = Responder.response(book.answer(request.ocsp()));
            response.headers()
                    .set(
                            HttpHeaderNames.DATE,
                            RFC_1123_DATE_TIME.format(Instant.now().atZone(UTC)));
            var _ = context.writeAndFlush(response);
        })) {
            DemoPki pki = directory.pki(responder.url(), Instant.now());
            book.open(pki.root()).open(pki.intermediate());
            directory.configure(0, 0, 0, NOWHERE, NOWHERE);
            assertStaplesAfterAStart(directory, "a signed answer proves the clock to be behind");
        }
        assertStaplesAfterAStart(directory, "first staples certificates=\"2\" answered=\"2\"");
    }

    private static void assertStaplesAfterAStart(DemoDirectory directory, String logged) throws Exception {
        try (RunningProgram proxy = Year1970.start(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--config",
                directory.configuration())) {
            String port = proxy.awaitOutput(READY).group(1);
            proxy.awaitOutput(logged);
            var outcome = ExternalProgram.named("openssl")
                    .run("s_client", "-connect", "localhost:" + port, "-CAfile", directory.ca(), "-status");
            assertThat(outcome.output()).contains("Cert Status: good", "Verify return code: 0 (ok)");
        }
    }
}
