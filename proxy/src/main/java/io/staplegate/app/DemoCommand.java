package io.staplegate.app;

import io.staplegate.app.Notation.Port;
import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoDirectory.ClientAuth;
import io.staplegate.demo.DemoDirectory.Ports;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.demo.TcpBackend;
import io.staplegate.demo.UdpBackend;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code staplegate demo}: an embedded CA, responder and backends, and the proxy in front of them. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Run an embedded CA, OCSP responder and backends, and the proxy in front of them.",
            "Prints one line when it serves: ready tls=PORT dtls=PORT admin=PORT responder=PORT mirror=PORT"
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration RESPONSE_VALIDITY = Duration.ofHours(8);

    private final Console console;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where certificates, keys and staplegate.yaml go (default: a temporary folder).")
    private @Nullable Path folder;

    @Option(
            names = "--tls-port",
            paramLabel = "PORT",
            defaultValue = "8883",
            description = "Default: 8883; 0: a free one.")
    private Port tls = new Port(0);

    @Option(names = "--dtls-port", paramLabel = "PORT", defaultValue = "5684", description = "Default: 5684.")
    private Port dtls = new Port(0);

    @Option(names = "--admin-port", paramLabel = "PORT", defaultValue = "9464", description = "Default: 9464.")
    private Port admin = new Port(0);

    @Option(names = "--responder-port", paramLabel = "PORT", defaultValue = "8890", description = "Default: 8890.")
    private Port responder = new Port(0);

    @Option(
            names = "--mirror-port",
            paramLabel = "PORT",
            description = "Answer OCSP requests there too (default: no; 0: a free one).")
    private @Nullable Port mirror;

    @Option(
            names = "--client-auth",
            paramLabel = "MODE",
            description = "Ask devices for certificates: request or require (default: no).")
    private @Nullable ClientAuth clientAuth;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        DemoDirectory directory = new DemoDirectory(directory());
        StatusBook book = new StatusBook(RESPONSE_VALIDITY, InstantSource.system());
        try (Closeable _ = claim(directory);
                Responder ca = responder(book);
                TcpBackend stream = TcpBackend.start(0);
                UdpBackend datagrams = UdpBackend.start(0)) {
            DemoPki pki = directory.pki(ca.url(), Instant.now());
            book.open(pki.root()).open(pki.intermediate());
            Ports ports =
                    new Ports(tls.number(), dtls.number(), admin.number(), mirror == null ? null : mirror.number());
            directory.configure(ports, clientAuth, stream.address(), datagrams.address());
            serve(directory, ca, stream, datagrams);
            return Exit.DONE;
        }
    }

    private void serve(DemoDirectory directory, Responder ca, TcpBackend stream, UdpBackend datagrams)
            throws CommandFailure, IOException {
        Inspection inspection = Inspection.of(directory.configuration(), Map.of(), Instant.now());
        if (!(inspection instanceof Inspection.Accepted accepted)) {
            inspection.problems().forEach(console::problem);
            throw new CommandFailure(Exit.FAILED, "the demo's own configuration is refused", "try another --directory");
        }
        try {
            Serving.untilInterrupted(directory.configuration(), accepted, console, bound -> {
                Ports ports =
                        new Ports(port(bound, "tls"), port(bound, "dtls"), port(bound, "admin"), bound.get("mirror"));
                directory.configure(ports, clientAuth, stream.address(), datagrams.address());
                suggest(directory, ports);
                Map<String, Integer> all = new LinkedHashMap<>(bound);
                all.remove("mirror");
                all.put("responder", ca.port());
                if (ports.mirror() != null) {
                    all.put("mirror", ports.mirror());
                }
                return all;
            });
        } catch (StartFailure e) {
            String option = switch (e.path()) {
                case "admin.bind" -> "--admin-port";
                case "listeners[0].bind" -> "--tls-port";
                case "listeners[1].bind" -> "--dtls-port";
                case "mirror.bind" -> "--mirror-port";
                default -> e.path();
            };
            throw new CommandFailure(Exit.FAILED, option + ": " + e.getMessage(), "0 picks a free port");
        }
    }

    private static int port(Map<String, Integer> bound, String name) {
        return Objects.requireNonNull(bound.get(name), name);
    }

    private static Closeable claim(DemoDirectory directory) throws CommandFailure {
        try {
            return directory.claim();
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "--directory: \"" + directory.folder() + "\": " + CommandFailure.reason(e),
                    "choose another folder");
        }
    }

    private Responder responder(StatusBook book) throws CommandFailure {
        try {
            return Responder.start(responder.number(), book);
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, "--responder-port: " + e.getMessage(), "0 picks a free port");
        }
    }

    private Path directory() throws CommandFailure {
        try {
            return folder != null ? Files.createDirectories(folder) : Files.createTempDirectory("staplegate-demo-");
        } catch (IOException e) {
            String reason = CommandFailure.reason(e);
            throw new CommandFailure(
                    Exit.FAILED, "--directory: cannot create \"" + folder + "\" (" + reason + ")", null);
        }
    }

    /** Prints what to paste into another terminal. */
    private void suggest(DemoDirectory directory, Ports ports) {
        console.note("""
                The demo's files are in %1$s

                Try, in another terminal, over TLS:
                  openssl s_client -connect localhost:%3$d -CAfile '%2$s' -status </dev/null
                  gnutls-cli --ocsp --x509cafile '%2$s' --port %3$d localhost </dev/null
                  curl --cert-status --cacert '%2$s' https://localhost:%3$d/
                over DTLS:
                  openssl s_client -dtls1_2 -mtu 1400 -connect 127.0.0.1:%4$d -CAfile '%2$s' -status </dev/null
                  gnutls-cli --udp --mtu 1400 --x509cafile '%2$s' --port %4$d 127.0.0.1 </dev/null
                  staplegate probe 127.0.0.1:%4$d --dtls --ca '%2$s'
                and see what is stapled:
                  staplegate staples --admin http://127.0.0.1:%5$d
                """.formatted(
                        directory.folder().toAbsolutePath(),
                        directory.ca().toAbsolutePath(),
                        ports.tls(),
                        ports.dtls(),
                        ports.admin()));
        if (clientAuth != null) {
            console.note("""
                    Come as a device, and put it on the deny list meanwhile:
                      openssl s_client -connect localhost:%d -CAfile '%s' -cert '%s' -key '%s'
                      staplegate devices --admin http://127.0.0.1:%d
                      echo 'name:demo device' >>'%s'
                    """.formatted(
                            ports.tls(),
                            directory.ca().toAbsolutePath(),
                            directory.device().toAbsolutePath(),
                            directory.deviceKey().toAbsolutePath(),
                            ports.admin(),
                            directory.denyList().toAbsolutePath()));
        }
        if (ports.mirror() != null) {
            console.note("""
                    Ask the mirror about the server's certificate:
                      openssl ocsp -url http://127.0.0.1:%d -issuer '%s' -cert '%s' -CAfile '%s'
                    """.formatted(
                            ports.mirror(),
                            directory.issuer().toAbsolutePath(),
                            directory.chain().toAbsolutePath(),
                            directory.ca().toAbsolutePath()));
        }
    }
}
