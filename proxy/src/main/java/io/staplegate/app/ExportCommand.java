package io.staplegate.app;

import io.staplegate.app.AdminClient.Dated;
import io.staplegate.staple.PortableResponse;
import io.staplegate.store.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code staplegate export}: writes what a running proxy staples to files that {@code import} reads elsewhere. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write the OCSP responses that a running proxy holds to a folder: DER, one file for each certificate.",
            "Carry them to a proxy without a path to the CA, and import them there."
        })
final class ExportCommand implements Callable<Integer> {
    private static final String PERMISSIONS = "rw-r--r--";
    private static final Pattern FILE_NAME = Pattern.compile(PortableResponse.FILE_NAME);
    private static final List<String> HEADINGS = List.of("IDENTITY", "CERTIFICATE", "AGE", "ENDS IN", "BYTES", "FILE");

    private final Console console;

    @Mixin
    private AdminOption admin = new AdminOption();

    @Parameters(paramLabel = "DIR", description = "The folder to write to; made where there is none.")
    private Path folder = Path.of("");

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        Dated<List<PortableResponse>> export;
        try (AdminClient proxy = admin.client()) {
            export = proxy.export();
        }
        List<PortableResponse> responses = export.content();
        if (responses.isEmpty()) {
            throw new CommandFailure(
                    Exit.FAILED, "the proxy holds no response that is valid now", "\"staplegate staples\" shows why");
        }
        write(responses);
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        responses.forEach(response -> rows.add(row(response, export.time())));
        Table.lines(rows).forEach(console::print);
        return Exit.DONE;
    }

    private void write(List<PortableResponse> responses) throws CommandFailure {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new CommandFailure(Exit.FAILED, "\"" + folder + "\" is not a folder", null);
        }
        try {
            Files.createDirectories(folder);
            for (PortableResponse response : responses) {
                AtomicFile.write(file(response), response.response(), PERMISSIONS, response.fetchedAt());
            }
        } catch (IOException e) {
            String reason = CommandFailure.reason(e);
            throw new CommandFailure(Exit.FAILED, "cannot write to \"" + folder + "\" (" + reason + ")", null);
        }
    }

    /** Whoever answers at the admin port does not choose where this process writes. */
    private Path file(PortableResponse response) throws CommandFailure {
        if (!FILE_NAME.matcher(response.file()).matches()) {
            throw new CommandFailure(Exit.FAILED, "the proxy names a file that is none of its own", null);
        }
        return folder.resolve(response.file());
    }

    private static List<String> row(PortableResponse response, Instant now) {
        return List.of(
                response.identity(),
                response.certificate(),
                Table.roughly(Duration.between(response.thisUpdate(), now)),
                Table.roughly(Duration.between(now, response.nextUpdate())),
                String.valueOf(response.response().length),
                response.file());
    }
}
