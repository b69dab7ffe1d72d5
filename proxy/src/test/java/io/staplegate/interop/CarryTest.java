package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.app.Main;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.ExternalProgram.Outcome;
import io.staplegate.testing.ProxyProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Staples for a site with no path to the CA: a proxy that has one, a medium, and a proxy that has none. */
class CarryTest {
    private static final String STAPLED = "Cert Status: good";
    private static final String BARE = "OCSP response: no response sent";

    @TempDir
    Path folder;

    private Path medium;
    private Path configuration;
    private StapledServer online;
    private ProxyProcess offline;

    @BeforeEach
    void start() throws IOException {
        medium = folder.resolve("medium");
        online = StapledServer.in(folder, Duration.ofHours(12));
        configuration = folder.resolve("offline.yaml");
        String text = Files.readString(online.directory().configuration());
        Files.writeString(
                configuration,
                text.replace("    issuers: ca.pem", "    issuers: ca.pem\n    responders: ['http://127.0.0.1:1/']")
                        .replace("/state'", "/offline'"));
        offline = ProxyProcess.serving(folder.resolve("offline.log"), "run", "--config", configuration);
    }

    @AfterEach
    void stop() throws IOException {
        offline.close();
        online.close();
    }

    @Test
    void whatOneProxyFetchedTheOtherStaplesAndKeeps() throws Exception {
        online.start();
        assertThat(handshake()).contains(BARE);
        assertThat(command("export", online.proxy()).exit()).isZero();

        Outcome taken = command("import", offline);
        assertThat(taken.output()).contains("2 files: 2 accepted");
        assertThat(taken.exit()).isZero();
        assertThat(handshake()).contains(STAPLED);

        offline.kill();
        offline = ProxyProcess.serving(folder.resolve("offline.log"), "run", "--config", configuration);
        assertThat(handshake()).contains(STAPLED);
        assertThat(command("import", offline).output()).contains("2 files: 2 not newer");
    }

    @Test
    void whatOpensslFetchedIsAsGood() throws Exception {
        Path server =
                Files.write(folder.resolve("server.crt"), online.pki().server().getEncoded());
        Path issuer = Files.write(
                folder.resolve("issuer.crt"),
                online.pki().intermediate().certificate().getEncoded());
        Files.createDirectories(medium);
        Outcome fetched = ExternalProgram.named("openssl")
                .run(
                        "ocsp",
                        "-sha256",
                        "-issuer",
                        issuer,
                        "-cert",
                        server,
                        "-url",
                        online.responder(),
                        "-noverify",
                        "-respout",
                        medium.resolve("server.der"));
        assertThat(fetched.output()).contains("server.crt: good");

        assertThat(command("import", offline).output())
                .contains("\"server.der\": accepted")
                .contains("1 file: 1 accepted");
        assertThat(handshake()).contains(STAPLED);
    }

    private String handshake() throws Exception {
        return ExternalProgram.named("openssl")
                .run("s_client", "-connect", "localhost:" + offline.port("tls"), "-CAfile", online.ca(), "-status")
                .output();
    }

    private Outcome command(String name, ProxyProcess proxy) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<Object> options = List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"));
        Object[] words = {Main.class.getName(), name, medium, "--admin", "http://127.0.0.1:" + proxy.port("admin")};
        return ExternalProgram.at(java)
                .run(Stream.concat(options.stream(), Arrays.stream(words)).toArray());
    }
}
