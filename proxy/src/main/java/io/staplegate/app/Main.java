package io.staplegate.app;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's entry. */
@Command(
        name = "staplegate",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
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
        CommandLine line = new CommandLine(new Main())
                .addSubcommand(new RunCommand(console))
                .addSubcommand(new CheckCommand(console))
                .addSubcommand(new DemoCommand(console))
                .addSubcommand(new StaplesCommand(console))
                .addSubcommand(new RefreshCommand(console))
                .addSubcommand(new VerifyCommand(console))
                .addSubcommand(new ProbeCommand(console))
                .setOut(new PrintWriter(out, true, out.charset()))
                .setErr(new PrintWriter(err, true, err.charset()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, _) -> usage(e, console))
                .setExecutionExceptionHandler((e, _, _) -> failed(e, console));
        return Notation.teach(line).execute(arguments);
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }

    private static int usage(ParameterException e, Console console) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        console.error(lowerCaseFirst(Objects.requireNonNullElse(e.getMessage(), "bad usage")), command + " --help");
        return Exit.USAGE;
    }

    private static int failed(Exception e, Console console) {
        if (e instanceof CommandFailure failure) {
            console.error(failure.message(), failure.hint());
            return failure.exit();
        }
        console.error("unexpected: " + e, "this is a bug; please report it with the lines below");
        e.printStackTrace(console.err());
        return Exit.FAILED;
    }

    private static String lowerCaseFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    /** The version that the jar carries. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"staplegate " + Objects.requireNonNullElse(version, "(not packaged)")};
        }
    }
}
