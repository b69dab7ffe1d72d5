package io.staplegate.app;

import io.staplegate.config.ListenerConfig.Protocol;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.probe.Probe;
import io.staplegate.probe.ProbeReport;
import io.staplegate.probe.ProbeRequest;
import io.staplegate.probe.StatusWish;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Callable;
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
            "Connect as a device would, and verify the chain, the name and each staple.",
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
            description = "The CA certificates to trust, in PEM or DER (default: those that Java trusts).")
    private @Nullable Path ca;

    @Option(names = "--sni", paramLabel = "NAME", description = "The server name to send (default: HOST, if a name).")
    private @Nullable String serverName;

    @Option(
            names = "--status",
            paramLabel = "v1|v2|none",
            defaultValue = "v1",
            description = "Ask by status_request, by status_request_v2 too (not in TLS 1.3), or not (default: v1).")
    private StatusWish status = StatusWish.V1;

    @Option(names = "--dtls", description = "Speak DTLS 1.2, and offer to use a connection id.")
    private boolean dtls;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    ProbeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure {
        ProbeReport report = run();
        if (json) {
            console.print(JsonMapper.shared().writeValueAsString(report));
        } else {
            ProbeText.lines(report).forEach(console::print);
        }
        report.faults().forEach(fault -> console.error(fault, null));
        return report.ok() ? Exit.DONE : Exit.FAILED;
    }

    private ProbeReport run() throws CommandFailure {
        Set<X509Certificate> trusted = ca == null ? null : Set.copyOf(InputFile.certificates(ca));
        Protocol protocol = dtls ? Protocol.DTLS : Protocol.TLS;
        var request = new ProbeRequest(protocol, server.host(), server.port(), trusted, serverName, status, TIMEOUT);
        return Probe.run(request, InstantSource.system());
    }
}
