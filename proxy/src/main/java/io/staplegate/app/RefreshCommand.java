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
        description = "Ask a running proxy to fetch its staples now; ends when that has ended.")
final class RefreshCommand implements Callable<Integer> {
    @Mixin
    private AdminOption admin = new AdminOption();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "One identity (default: all of them).")
    private @Nullable String identity;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        admin.client().refresh(identity);
        return Exit.DONE;
    }
}
