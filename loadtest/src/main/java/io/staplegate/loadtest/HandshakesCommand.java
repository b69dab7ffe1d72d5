package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.app.InputFile;
import io.staplegate.config.Durations;
import io.staplegate.config.OcspConfig;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.loadtest.server.PemFile;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.probe.ClientCertificate;
import io.staplegate.probe.Device;
import io.staplegate.probe.DeviceHandshake;
import io.staplegate.probe.Judge;
import io.staplegate.probe.StatusWish;
import io.staplegate.probe.TlsVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest handshakes}: full handshakes as devices make them. */
@Command(
        name = "handshakes",
        mixinStandardHelpOptions = true,
        description = {
            "Shake hands with a TLS or DTLS server as devices do: each time in full and on a socket of its own.",
            "The chain and every staple are verified.",
            "Exit code 1 where any handshake failed; one without a staple is none of these."
        })
final class HandshakesCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--target", required = true, paramLabel = "HOST:PORT", description = "The server.")
    private HostPort target = new HostPort("", 0);

    @Option(names = "--count", required = true, paramLabel = "N", description = "How many handshakes.")
    private long count;

    @Option(names = "--concurrency", required = true, paramLabel = "C", description = "How many devices at once.")
    private int concurrency;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Handshakes before those that count, by the same devices (default: ${DEFAULT-VALUE}).")
    private long warmup;

    @Option(
            names = "--status",
            paramLabel = "v1|v2|none",
            defaultValue = "v1",
            description = "Ask by status_request, by status_request_v2 in TLS 1.2, or not (default: v1).")
    private StatusWish status = StatusWish.V1;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            split = ",",
            description = "The proxy's process, or several: to count its CPU time, and its children's.")
    private List<Long> pids = List.of();

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "The CA certificates to trust, in PEM or DER (default: the topmost certificate that is sent).")
    private @Nullable Path ca;

    @Option(
            names = "--sni",
            paramLabel = "NAME",
            description = "The server name to ask for (default: the target's host, unless that is an address).")
    private @Nullable String sni;

    @Option(
            names = "--tls",
            paramLabel = "1.2|1.3",
            description = "Speak one version alone (default: 1.3, or 1.2 where the server has no more).")
    private @Nullable TlsVersion version;

    @Option(names = "--dtls", description = "Speak DTLS 1.2 over UDP, and offer to use a connection id.")
    private boolean dtls;

    @ArgGroup(exclusive = false)
    private @Nullable Own own;

    @Option(names = "--get", description = "Ask for a page behind each handshake: one counts where the answer is 2xx.")
    private boolean get;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "For each answer of the server; with --dtls for a handshake (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** A device's own certificate. */
    private static final class Own {
        @Option(
                names = "--certificate",
                required = true,
                paramLabel = "FILE",
                description = "What the devices show, where they are asked for a certificate: theirs, then its CAs'.")
        private Path chain = Path.of("");

        @Option(names = "--key", required = true, paramLabel = "FILE", description = "Its key, in PKCS#8 and PEM.")
        private Path key = Path.of("");
    }

    HandshakesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        requireAtLeast(1, "--count", count);
        requireAtLeast(1, "--concurrency", concurrency);
        requireAtLeast(0, "--warmup", warmup);
        ProcessCpu server = ProcessCpu.of(pids)
                .orElseThrow(() -> new CommandFailure(Exit.USAGE, "--pid: no such process among " + pids, null));
        Fleet fleet = new Fleet(meeting(), status, judge(), concurrency);
        fleet.shakeHands(warmup);

        Optional<Duration> before = server.used();
        long begin = System.nanoTime();
        Tally tally = fleet.shakeHands(count);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        Optional<Duration> after = server.used();

        boolean counted = !pids.isEmpty() && before.isPresent() && after.isPresent();
        print(tally.report(took, counted ? after.get().minus(before.get()) : null));
        return tally.failures() == 0 ? Exit.DONE : Exit.FAILED;
    }

    private static void requireAtLeast(long least, String option, long number) throws CommandFailure {
        if (number < least) {
            throw new CommandFailure(Exit.USAGE, option + ": " + number + " is less than " + least, null);
        }
    }

    private Meeting meeting() throws CommandFailure {
        InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
        if (address.isUnresolved()) {
            throw new CommandFailure(Exit.FAILED, "--target: the host \"" + target.host() + "\" is not known", null);
        }
        Device device = device().naming(serverName()).asking(status).showing(certificate());
        return get ? new PageVisit(address, device, timeout) : new DeviceHandshake(address, device, timeout)::perform;
    }

    private @Nullable ClientCertificate certificate() throws CommandFailure {
        if (own == null) {
            return null;
        }
        try {
            return new ClientCertificate(InputFile.certificates(own.chain), PemFile.key(own.key));
        } catch (IOException e) {
            throw new CommandFailure(Exit.USAGE, "--key: " + e.getMessage(), null);
        }
    }

    private Device device() throws CommandFailure {
        if (dtls && get) {
            throw new CommandFailure(Exit.USAGE, "--get: there is no HTTP over DTLS", null);
        }
        if (dtls && version != null) {
            throw new CommandFailure(Exit.USAGE, "--tls: there is no such choice with --dtls, which is 1.2", null);
        }
        if (dtls) {
            return Device.overDtls();
        }
        TlsVersion only = version == null && status == StatusWish.V2 ? TlsVersion.TLS12 : version;
        return only == null ? Device.usual() : Device.usual().speaking(only);
    }

    /** A literal address is no server name (RFC 6066 §3). */
    private @Nullable String serverName() {
        if (sni != null) {
            return sni;
        }
        boolean literal = target.host().indexOf(':') >= 0 || target.host().matches("[0-9.]+");
        return literal ? null : target.host();
    }

    private CachedJudge judge() throws CommandFailure {
        Set<X509Certificate> trusted = ca == null ? Set.of() : Set.copyOf(InputFile.certificates(ca));
        if (trusted.isEmpty()) {
            console.note("note: without --ca, the topmost certificate of the chain as sent is trusted");
        }
        OcspValidator validator = new OcspValidator(Durations.parse(OcspConfig.CLOCK_SKEW), null);
        return new CachedJudge(new Judge(trusted, validator), InstantSource.system());
    }

    private void print(Report report) {
        if (json) {
            console.print(JsonMapper.shared().writeValueAsString(report));
        } else {
            report.lines().forEach(console::print);
        }
    }
}
