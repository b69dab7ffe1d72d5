package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.kills.Kills;
import io.staplegate.loadtest.kills.KillsReport;
import io.staplegate.loadtest.server.Folder;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest kills}: kill -9 in the middle of refreshes. */
@Command(
        name = "kills",
        mixinStandardHelpOptions = true,
        description = {
            "Kill a proxy with SIGKILL at random while it refreshes all of its staples again and again, start it"
                    + " without a responder, and let a device meet each site: whatever it staples is from the disk.",
            "Starts the proxy by itself, with the JVM options of this one: STAPLEGATE_JAVA_OPTS.",
            "Exit code 1 where a site was not stapled, a staple did not verify or was older than the one before, or a"
                    + " half-written file was left."
        })
final class KillsCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many times (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--sites",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many, with a staple each (default: ${DEFAULT-VALUE}).")
    private int sites;

    @Option(names = "--seed", paramLabel = "N", description = "Of the moments, to try them again (default: any).")
    private @Nullable Long seed;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    KillsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        long chosen = Objects.requireNonNullElseGet(seed, ThreadLocalRandom.current()::nextLong);
        try (Folder folder = Folder.temporary();
                Kills kills = new Kills(count, sites, chosen, folder.path())) {
            KillsReport report = kills.run();
            if (json) {
                console.print(JsonMapper.shared().writeValueAsString(report));
            } else {
                report.lines().forEach(console::print);
            }
            return report.passed() ? Exit.DONE : Exit.FAILED;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, String.valueOf(e.getMessage()), null);
        }
    }
}
