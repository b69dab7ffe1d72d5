package io.staplegate.app;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code staplegate refresh}: has a running proxy fetch staples now. */
@Command(
        name = "refresh",
        mixinStandardHelpOptions = true,
        description = {
            "Ask a running proxy to fetch its staples now.",
            "Ends when that has ended, and shows what is stapled then. Exit code 1 where a responder failed."
        })
final class RefreshCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private AdminOption admin = new AdminOption();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "One identity (default: all of them).")
    private @Nullable String identity;

    RefreshCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (AdminClient proxy = admin.client()) {
            StapleTable staples = StapleTable.parse(proxy.refresh(identity));
            staples.lines().forEach(console::print);
            return staples.isFreeOfErrors() ? Exit.DONE : Exit.FAILED;
        }
    }
}
