package io.staplegate.app;

import io.staplegate.admin.ReloadReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code staplegate reload}: has a running proxy read its files again, and says what came of it. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = {
            "Have a running proxy read its configuration again, and all that it names.",
            "Ends when that has ended, and prints reloaded, or every problem: then what was in force stays, and the",
            "exit code is 78. Connections live on either way."
        })
final class ReloadCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private AdminOption admin = new AdminOption();

    ReloadCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (AdminClient proxy = admin.client()) {
            ReloadReport report = proxy.reload().content();
            report.problems().forEach(finding -> console.problem(finding.problem()));
            if (!report.reloaded()) {
                return Exit.BAD_CONFIGURATION;
            }
            console.print("reloaded");
            return Exit.DONE;
        }
    }
}
