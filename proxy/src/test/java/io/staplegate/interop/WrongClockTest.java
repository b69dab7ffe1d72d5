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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy on a machine whose clock begins in 1970, beside a CA and devices whose clocks are right. */
class WrongClockTest {
    private static final Pattern READY = Pattern.compile("(?m)^ready tls=(\\d+) .*admin=(\\d+).*$");
    /** Of an answer for twelve hours. */
    private static final Pattern AGE_AND_WHAT_IS_LEFT = Pattern.compile(" good +(\\d+m )?\\d+s +(12h 0m|11h \\d+m) ");

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
            directory.configure(DemoDirectory.Ports.FREE, NOWHERE, NOWHERE);
            assertStaplesAfterAStart(directory, "a signed answer proves the clock to be behind");
        }
        assertStaplesAfterAStart(directory, "first staples certificates=\"2\" answered=\"2\"");
    }

    private static void assertStaplesAfterAStart(DemoDirectory directory, String logged) throws Exception {
        try (RunningProgram proxy = staplegate("run", "--config", directory.configuration())) {
            MatchResult ready = proxy.awaitOutput(READY);
            String port = ready.group(1);
            proxy.awaitOutput(logged);
            var outcome = ExternalProgram.named("openssl")
                    .run("s_client", "-connect", "localhost:" + port, "-CAfile", directory.ca(), "-status");
            assertThat(outcome.output()).contains("Cert Status: good", "Verify return code: 0 (ok)");
            try (RunningProgram table = staplegate("staples", "--admin", "http://127.0.0.1:" + ready.group(2))) {
                table.awaitOutput(AGE_AND_WHAT_IS_LEFT);
            }
        }
    }

    private static RunningProgram staplegate(Object... arguments) throws IOException {
        Stream<Object> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        return Year1970.start(Stream.concat(java, Stream.of(arguments)).toArray());
    }
}
