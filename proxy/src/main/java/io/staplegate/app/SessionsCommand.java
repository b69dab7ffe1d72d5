package io.staplegate.app;

import io.staplegate.app.AdminClient.Dated;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code staplegate sessions}: a table of the open sessions of a running proxy; {@code sessions kill} ends one. */
@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = "Show the open sessions of a running proxy, oldest first.")
final class SessionsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private AdminOption admin = new AdminOption();

    @Option(names = "--listener", paramLabel = "NAME", description = "Only those of one listener.")
    private @Nullable String listener;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many to show, at most 10,000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print JSON, as the admin endpoint answers.")
    private boolean json;

    SessionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (AdminClient proxy = admin.client()) {
            Dated<String> view = proxy.sessions(listener, limit);
            if (json) {
                console.print(view.content().strip());
                return Exit.DONE;
            }
            SessionTable table = SessionTable.parse(view);
            table.lines().forEach(console::print);
            if (view.total() > table.sessions().size()) {
                console.note(
                        "%d of %d; more with --limit".formatted(table.sessions().size(), view.total()));
            }
            return Exit.DONE;
        }
    }

    @Command(
            name = "kill",
            mixinStandardHelpOptions = true,
            description = "End one session. Its device gets a close_notify; nothing keeps it from coming back.")
    int kill(@Parameters(paramLabel = "ID", description = "As \"staplegate sessions\" shows it.") String id)
            throws CommandFailure, InterruptedException {
        try (AdminClient proxy = admin.client()) {
            proxy.kill(id);
            console.print("killed");
            return Exit.DONE;
        }
    }
}
