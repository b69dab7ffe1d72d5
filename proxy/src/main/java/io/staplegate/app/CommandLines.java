package io.staplegate.app;

import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How every command line of the project is read, speaks and ends. */
public final class CommandLines {
    private CommandLines() {}

    /** Runs the command that the arguments name, and returns its exit code. */
    public static int execute(CommandLine line, Console console, String... arguments) {
        line.setOut(new PrintWriter(console.out(), true, console.out().charset()))
                .setErr(new PrintWriter(console.err(), true, console.err().charset()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, _) -> usage(e, console))
                .setExecutionExceptionHandler((e, _, _) -> failed(e, console));
        return Notation.teach(line).execute(arguments);
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

    /** The name of the command line, and the version that its jar carries. */
    public static final class Version implements IVersionProvider {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public String[] getVersion() {
            CommandSpec root = spec.root();
            String version = root.userObject().getClass().getPackage().getImplementationVersion();
            return new String[] {root.name() + " " + Objects.requireNonNullElse(version, "(not packaged)")};
        }
    }
}
