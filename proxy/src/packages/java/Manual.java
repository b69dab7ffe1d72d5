import io.staplegate.app.Console;
import io.staplegate.app.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** The manual pages, as AsciiDoc, and the completion for bash, as the command line describes itself. */
final class Manual {
    private Manual() {}

    /** Writes both, for a version, into a folder: {@code *.adoc}, and {@code completion/staplegate}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        CommandLine line = Main.commandLine(new Console(System.out, System.err));
        for (CommandLine command : Stream.concat(Stream.of(line), line.getSubcommands().values().stream())
                .toList()) {
            command.getCommandSpec().versionProvider(() -> new String[] {"Staplegate " + arguments[1]});
        }
        CommandSpec[] visible = Stream.concat(Stream.of(line), line.getSubcommands().values().stream())
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .toArray(CommandSpec[]::new);
        int exit = ManPageGenerator.generateManPage(folder.toFile(), null, new boolean[0], false, visible);
        for (CommandLine command : line.getSubcommands().values()) {
            if (command.getCommandSpec().usageMessage().hidden()) {
                Files.deleteIfExists(folder.resolve(command.getCommandSpec().qualifiedName("-") + ".adoc"));
            }
        }
        Path completion = Files.createDirectories(folder.resolve("completion")).resolve(line.getCommandName());
        String script = AutoComplete.bash(line.getCommandName(), line);
        Files.writeString(completion, script.substring(script.indexOf('\n') + 1)); // it is sourced: without "#!"
        System.exit(exit);
    }
}
