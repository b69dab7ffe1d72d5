package io.staplegate.app;

import io.staplegate.staple.StapleView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate staples}: a table of what a running proxy staples. */
@Command(
        name = "staples",
        mixinStandardHelpOptions = true,
        description = "Show what a running proxy staples, how old it is, and when it is fetched again.")
final class StaplesCommand implements Callable<Integer> {
    private static final List<String> HEADINGS = List.of(
            "IDENTITY", "CERTIFICATE", "POSITION", "STATUS", "AGE", "ENDS IN", "REFRESH IN", "BYTES", "LAST ERROR");

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
        String answer = admin.client().staples();
        if (json) {
            console.print(answer.strip());
            return Exit.DONE;
        }
        Instant now = Instant.now();
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        for (StapleView view : parse(answer)) {
            rows.add(row(view, now));
        }
        Table.lines(rows).forEach(console::print);
        return Exit.DONE;
    }

    private static StapleView[] parse(String answer) throws CommandFailure {
        try {
            return JsonMapper.shared().readValue(answer, StapleView[].class);
        } catch (JacksonException e) {
            throw new CommandFailure(
                    Exit.FAILED, "the answer is no staples view: " + e.getOriginalMessage(), "is --admin right?");
        }
    }

    private static List<String> row(StapleView view, Instant now) {
        return List.of(
                view.identity(),
                view.certificate(),
                String.valueOf(view.position()),
                view.status(),
                span(view.thisUpdate(), now),
                span(now, view.nextUpdate()),
                span(now, view.nextRefresh()),
                String.valueOf(view.bytes()),
                Objects.requireNonNullElse(view.lastError(), "-"));
    }

    private static String span(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? "-" : Table.roughly(Duration.between(from, to));
    }
}
