package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.server.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest flood}: honest devices among a flood of others. */
@Command(
        name = "flood",
        mixinStandardHelpOptions = true,
        description = {
            "Flood a DTLS listener, from many addresses of loopback, with ClientHellos that have no cookie and with"
                    + " handshakes that stop behind the cookie, while honest devices connect, one after another.",
            "Starts the proxy by itself.",
            "Exit code 1 where an honest device failed, or where an address that had echoed no cookie was sent more"
                    + " bytes than it had sent."
        })
final class FloodCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--hellos",
            paramLabel = "N",
            defaultValue = "200000",
            description = "How many ClientHellos without a cookie (default: ${DEFAULT-VALUE}).")
    private int hellos;

    @Option(
            names = "--half-open",
            paramLabel = "N",
            defaultValue = "20000",
            description = "How many handshakes that stop behind the cookie (default: ${DEFAULT-VALUE}).")
    private int halfOpen;

    @Option(
            names = "--honest",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many honest devices (default: ${DEFAULT-VALUE}).")
    private int honest;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "500",
            description = "Honest devices before the flood (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(
            names = "--handshake-timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "The proxy's; it has forgotten the flood a while behind it (default: ${DEFAULT-VALUE}).")
    private Duration handshakeTimeout = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    FloodCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (TestBed bed = TestBed.open(false, "handshakeTimeout: " + handshakeTimeout.toMillis() + "ms")) {
            FloodReport report = new Flood(bed, new Flood.Size(warmup, hellos, halfOpen, honest)).rise();
            if (json) {
                console.print(JsonMapper.shared().writeValueAsString(report));
            } else {
                report.lines().forEach(console::print);
            }
            boolean stood =
                    report.honest().connected() == honest && report.strangers().amplified() == 0;
            return stood ? Exit.DONE : Exit.FAILED;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, String.valueOf(e.getMessage()), null);
        }
    }
}
