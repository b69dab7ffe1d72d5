package io.staplegate.app;

import io.staplegate.app.AdminClient.Dated;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code staplegate staples}: a table of what a running proxy staples. */
@Command(
        name = "staples",
        mixinStandardHelpOptions = true,
        description = "Show what a running proxy staples, how old it is, and when it is fetched again.")
final class StaplesCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private AdminOption admin = new AdminOption();

    @Option(names = "--json", description = "Print what the admin endpoint answers, as it is.")
    private boolean json;

    StaplesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (AdminClient proxy = admin.client()) {
            Dated<String> view = proxy.staples();
            if (json) {
                console.print(view.content().strip());
            } else {
                StapleTable.parse(view).lines().forEach(console::print);
            }
            return Exit.DONE;
        }
    }
}
