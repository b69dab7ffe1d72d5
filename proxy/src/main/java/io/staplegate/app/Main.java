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
        boolean starts = arguments.length > 0 && arguments[0].equals("run");
        return CommandLines.execute(starts ? toRun(console) : commandLine(console), console, arguments);
    }

    /** The command line with all its commands, for whoever uses it or writes its manual. */
    public static CommandLine commandLine(Console console) {
        return toRun(console)
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
                .addSubcommand(new ProbeCommand(console))
                .addSubcommand(new TrainCommand(console));
    }

    /** A start does without the others: to read what they are takes longer than to read a configuration. */
    private static CommandLine toRun(Console console) {
        return new CommandLine(new Main()).addSubcommand(new RunCommand(console));
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
