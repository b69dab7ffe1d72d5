package io.staplegate.app;

import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's entry. */
@Command(
        name = "staplegate",
        mixinStandardHelpOptions = true,
        versionProvider = CommandLines.Version.class,
        description = "An OCSP-stapling caching reverse proxy for constrained networks.",
        footer = "%nExit codes: 0 done, 1 failed, 2 usage, 78 bad configuration.")
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
        return CommandLines.execute(commandLine(console), console, arguments);
    }

    /** The command line with all its commands, for whoever runs it or writes its manual. */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new Main())
                .addSubcommand(new RunCommand(console))
                .addSubcommand(new CheckCommand(console))
                .addSubcommand(new DemoCommand(console))
                .addSubcommand(new StaplesCommand(console))
                .addSubcommand(new RefreshCommand(console))
                .addSubcommand(new ReloadCommand(console))
                .addSubcommand(new DevicesCommand(console))
                .addSubcommand(new ExportCommand(console))
                .addSubcommand(new ImportCommand(console))
                .addSubcommand(new SessionsCommand(console))
                .addSubcommand(new VerifyCommand(console))
                .addSubcommand(new ProbeCommand(console));
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
