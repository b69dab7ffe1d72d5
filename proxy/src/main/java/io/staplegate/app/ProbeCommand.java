package io.staplegate.app;

import io.staplegate.config.Durations;
import io.staplegate.config.OcspConfig;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.probe.Device;
import io.staplegate.probe.DeviceEngine;
import io.staplegate.probe.DeviceHandshake;
import io.staplegate.probe.Encounter;
import io.staplegate.probe.Judge;
import io.staplegate.probe.Judgement;
import io.staplegate.probe.StatusWish;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
            "Connect as a device would, and verify the chain and each staple.",
            "Exit code 0 where all of it verifies, and a staple came if one was asked for."
        })
final class ProbeCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

    private final Console console;

    @Parameters(paramLabel = "HOST:PORT", description = "The server.")
    private HostPort server = new HostPort("", 0);

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "The CA certificates to trust, in PEM or DER (default: the topmost one that is sent).")
    private @Nullable Path ca;

    @Option(names = "--sni", paramLabel = "NAME", description = "The server name to send (default: HOST, if a name).")
    private @Nullable String serverName;

    @Option(
            names = "--status",
            paramLabel = "v1|v2|none",
            defaultValue = "v1",
            description = "Ask by status_request, also by status_request_v2, or not (default: v1).")
    private StatusWish status = StatusWish.V1;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    ProbeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure {
        Set<X509Certificate> trusted = ca == null ? Set.of() : Set.copyOf(InputFile.certificates(ca));
        OcspValidator validator = new OcspValidator(Durations.parse(OcspConfig.CLOCK_SKEW), null);

        Encounter encounter = meet();
        Instant now = Instant.now();
        Judgement judgement = new Judge(trusted, validator).judge(encounter.presented(), now);
        ProbeReport report = ProbeReport.of(encounter, judgement);
        if (json) {
            console.print(JsonMapper.shared().writeValueAsString(report));
        } else {
            report.lines(now).forEach(console::print);
        }

        Optional<String> fault = judgement.fault().or(() -> missing(report));
        fault.ifPresent(text -> console.error(text, null));
        return fault.isPresent() ? Exit.FAILED : Exit.DONE;
    }

    private Encounter meet() throws CommandFailure {
        String name = serverName == null && !ADDRESS.matcher(server.host()).matches() ? server.host() : serverName;
        Device device = Device.usual().naming(name).asking(status);
        try {
            // An engine that meets nobody, so that the time is the handshake's rather than that of loading its classes.
            new DeviceEngine(device).output();
            InetSocketAddress address = InetSocketAddress.createUnresolved(server.host(), server.port());
            return new DeviceHandshake(address, device, TIMEOUT).perform();
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, server + ": " + CommandFailure.reason(e), null);
        }
    }

    /** What was asked for and did not come, or came and cannot be judged although the trusted CAs were named. */
    private Optional<String> missing(ProbeReport report) {
        if (status != StatusWish.NONE && report.chain().getFirst().staple() == null) {
            return Optional.of("no staple came");
        }
        return report.chain().stream()
                .map(ProbeReport.Certificate::staple)
                .filter(staple ->
                        ca != null && staple != null && staple.verdict().equals("unjudged"))
                .findFirst()
                .map(staple -> "a staple's signer is neither sent nor trusted");
    }
}
