package io.staplegate.app;

import io.staplegate.app.AdminClient.Dated;
import io.staplegate.config.Problem;
import io.staplegate.ocsp.Claim;
import io.staplegate.ocsp.Verdict;
import io.staplegate.staple.Imported;
import io.staplegate.staple.Imported.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code staplegate import}: hands responses that were fetched elsewhere to a running proxy. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Hand OCSP responses (DER, one a file) that were fetched elsewhere to a running proxy.",
            "It verifies each as if it had fetched it, staples what is newer than what it has, and keeps it.",
            "Exit code 1 where a response for one of its certificates was refused, a file named *.ocsp is no response,"
                    + " or none was for it."
        })
final class ImportCommand implements Callable<Integer> {
    /** What calls itself a response, and is none, was damaged on its way. */
    private static final String SUFFIX = ".ocsp";

    private final Console console;
    private final Map<Outcome, Integer> tally = new EnumMap<>(Outcome.class);

    @Mixin
    private AdminOption admin = new AdminOption();

    @Parameters(paramLabel = "DIR", description = "The folder with the responses; folders in it are left alone.")
    private Path folder = Path.of("");

    ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        List<Path> files = CarriedFiles.in(folder);
        boolean failed = false;
        try (AdminClient proxy = admin.client()) {
            for (Path file : files) {
                Dated<List<Imported>> results = take(file, proxy);
                for (Imported result : results.content()) {
                    tally.merge(result.outcome(), 1, Integer::sum);
                    console.print(line(file, result, results.time()));
                    failed |= hasFailed(file, result);
                }
            }
        }
        console.note(summary(files.size()));
        if (!tally.containsKey(Outcome.ACCEPTED) && !tally.containsKey(Outcome.NOT_NEWER) && !failed) {
            throw new CommandFailure(
                    Exit.FAILED,
                    Problem.quoted(folder) + " holds no response for a certificate of this proxy",
                    "\"staplegate staples\" lists its certificates");
        }
        return failed ? Exit.FAILED : Exit.DONE;
    }

    private String summary(int files) {
        String counted = files == 1 ? "1 file" : files + " files";
        return tally.entrySet().stream()
                .map(entry -> entry.getValue() + " " + words(entry.getKey()))
                .collect(Collectors.joining(", ", tally.isEmpty() ? counted : counted + ": ", ""));
    }

    private static Dated<List<Imported>> take(Path file, AdminClient proxy)
            throws CommandFailure, InterruptedException {
        byte[] content;
        Instant modified;
        try {
            content = CarriedFiles.read(file);
            modified = CarriedFiles.modified(file);
        } catch (IOException e) {
            return unreadable(CommandFailure.reason(e));
        }
        Verdict.Reason fault = Claim.of(content).fault(); // junk need not bother the proxy
        return fault == null ? proxy.take(content, modified) : unreadable(fault.text());
    }

    private static Dated<List<Imported>> unreadable(String reason) {
        return new Dated<>(List.of(Imported.unreadable(reason)), Instant.now(), 0);
    }

    private static boolean hasFailed(Path file, Imported result) {
        return switch (result.outcome()) {
            case ACCEPTED, NOT_NEWER, FOREIGN -> false;
            case REFUSED -> true;
            case UNREADABLE -> file.toString().endsWith(SUFFIX);
        };
    }

    private static String line(Path file, Imported result, Instant now) {
        String certificate = "certificate " + result.certificate();
        String details = switch (result.outcome()) {
            case ACCEPTED, NOT_NEWER ->
                " (" + certificate + ", " + span(result.thisUpdate(), now) + " old, ends in "
                        + span(now, result.nextUpdate()) + ")";
            case REFUSED -> " (" + certificate + ": " + result.reason() + ")";
            case FOREIGN -> "";
            case UNREADABLE -> " (" + result.reason() + ")";
        };
        return Problem.quoted(file.getFileName()) + ": " + words(result.outcome()) + details;
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> "accepted";
            case NOT_NEWER -> "not newer";
            case REFUSED -> "refused";
            case FOREIGN -> "not ours";
            case UNREADABLE -> "no response";
        };
    }

    private static String span(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? "-" : Table.roughly(Duration.between(from, to));
    }
}
