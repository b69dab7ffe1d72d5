package io.staplegate.loadtest;

import io.staplegate.app.CommandLines;
import io.staplegate.app.Console;
import io.staplegate.probe.TlsVersion;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line's entry. */
@Command(
        name = "staplegate-loadtest",
        mixinStandardHelpOptions = true,
        versionProvider = CommandLines.Version.class,
        description = "Load tests and benchmarks for Staplegate.",
        footer = "%nExit codes: 0 done, 1 failed, 2 usage.")
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Runs one command, then ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    /** Runs one command, and returns its exit code. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        Console console = new Console(out, err);
        CommandLine line = new CommandLine(new Main())
                .addSubcommand(new HandshakesCommand(console))
                .addSubcommand(new WireCommand(console))
                .addSubcommand(new SessionsCommand(console))
                .addSubcommand(new FloodCommand(console))
                .addSubcommand(new LossCommand(console))
                .addSubcommand(new ScandiumCommand(console))
                .addSubcommand(new OutageCommand(console))
                .addSubcommand(new FleetCommand(console))
                .addSubcommand(new KillsCommand(console))
                .addSubcommand(new TakedownCommand(console))
                .addSubcommand(new CrlCommand(console))
                .addSubcommand(new ReconnectCommand(console))
                .addSubcommand(new RevokeCommand(console))
                .addSubcommand(new StartCommand(console))
                .addSubcommand(new CommandLine(new BenchmarkCommand()).setUnmatchedOptionsArePositionalParams(true))
                .registerConverter(TlsVersion.class, Main::tlsVersion);
        return CommandLines.execute(line, console, arguments);
    }

    private static TlsVersion tlsVersion(String text) {
        return switch (text) {
            case "1.2" -> TlsVersion.TLS12;
            case "1.3" -> TlsVersion.TLS13;
            default -> throw new TypeConversionException("\"" + text + "\" is no version of TLS (1.2 or 1.3)");
        };
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
