package io.staplegate.app;

import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.probe.Probe;
import io.staplegate.probe.ProbeReport;
import io.staplegate.probe.ProbeRequest;
import io.staplegate.probe.StatusWish;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate probe}: connects as a device would, and verifies what it gets. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Connect as a device would, and verify the chain, its name and each staple.",
            "Exit code 0 where all of it verifies, and a staple came if one was asked for."
        })
final class ProbeCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Console console;

    @Parameters(paramLabel = "HOST:PORT", description = "The server.")
    private HostPort server = new HostPort("", 0);

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "The CA certificates to trust (default: those that Java trusts).")
    private @Nullable Path ca;

    @Option(names = "--sni", paramLabel = "NAME", description = "The server's name (default: HOST).")
    private @Nullable String serverName;

    @Option(
            names = "--status",
            paramLabel = "v1|v2|none",
            defaultValue = "v1",
            description = "Ask by status_request, by status_request_v2 in TLS 1.2, or not (default: v1).")
    private StatusWish status = StatusWish.V1;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    ProbeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure {
        ProbeReport report = probe();
        ProbeReport.Session session = report.session();
        if (json) {
            console.print(JsonMapper.shared().writeValueAsString(report));
        } else if (session != null) {
            print(session, Instant.now());
        }
        report.faults().forEach(fault -> console.error(fault, null));
        return report.ok() ? Exit.DONE : Exit.FAILED;
    }

    private ProbeReport probe() throws CommandFailure {
        try {
            return Probe.run(
                    new ProbeRequest(server.host(), server.port(), ca, serverName, status, TIMEOUT),
                    InstantSource.system());
        } catch (IOException e) {
            throw new CommandFailure(Exit.USAGE, "--ca: " + CommandFailure.reason(e), null);
        }
    }

    private void print(ProbeReport.Session session, Instant now) {
        console.print("protocol: " + session.version() + ", " + session.suite());
        List<ProbeReport.Certificate> chain = session.chain();
        for (int position = 0; position < chain.size(); position++) {
            ProbeReport.Certificate certificate = chain.get(position);
            console.print("certificate %d: %s, serial %s, until %s"
                    .formatted(position, certificate.subject(), certificate.serial(), certificate.notAfter()));
            console.print("staple %d: %s".formatted(position, describe(certificate.staple(), now)));
        }
        console.print("bytes: %d sent, %d received".formatted(session.bytesSent(), session.bytesReceived()));
        console.print("time: %d ms to connect, %d ms to shake hands"
                .formatted(session.connecting().toMillis(), session.handshake().toMillis()));
    }

    private static String describe(ProbeReport.@Nullable Staple staple, Instant now) {
        if (staple == null) {
            return "none";
        }
        Duration age = staple.age();
        Instant end = staple.nextUpdate();
        return staple.verdict()
                + (age == null ? "" : ", age " + Table.roughly(age))
                + (end == null ? "" : ", ends in " + Table.roughly(Duration.between(now, end)))
                + ", " + staple.bytes() + " bytes"
                + staple.reasons().stream().map(reason -> "; " + reason).collect(Collectors.joining());
    }
}
