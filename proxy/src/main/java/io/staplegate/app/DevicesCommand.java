package io.staplegate.app;

import io.staplegate.app.AdminClient.Dated;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code staplegate devices}: a table of the devices that a running proxy knows by their certificates. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = {
            "Show what a running proxy knows of the devices that have shown a certificate.",
            "Those that are connected, and the last 100,000 that were; those that are kept out come first."
        })
final class DevicesCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private AdminOption admin = new AdminOption();

    @Option(names = "--revoked", description = "Only those that are kept out: revoked, or on the deny list.")
    private boolean revoked;

    @Option(names = "--json", description = "Print JSON, as the admin endpoint answers.")
    private boolean json;

    DevicesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (AdminClient proxy = admin.client()) {
            Dated<String> view = proxy.devices();
            if (json && !revoked) {
                console.print(view.content().strip());
                return Exit.DONE;
            }
            DeviceTable table = DeviceTable.parse(view);
            DeviceTable shown = revoked ? table.revoked() : table;
            if (json) {
                console.print(shown.json());
            } else {
                shown.lines().forEach(console::print);
            }
            return Exit.DONE;
        }
    }
}
