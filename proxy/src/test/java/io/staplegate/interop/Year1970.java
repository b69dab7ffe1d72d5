package io.staplegate.interop;

import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A machine whose clock begins in 1970: Debian's libfaketime, preloaded into a program. */
final class Year1970 {
    private Year1970() {}

    /** Starts a program there. The command of that name would leave the program running when it is killed itself. */
    static RunningProgram start(Object... command) throws IOException {
        Stream<Object> environment = Stream.of(
                "LD_PRELOAD=" + library(),
                "FAKETIME=@1970-01-02 00:00:10",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_FORCE_MONOTONIC_FIX=0"); // else a JVM's timed waits end at once, and it spins
        return ExternalProgram.named("env")
                .start(Stream.concat(environment, Stream.of(command)).toArray());
    }

    private static Path library() throws IOException {
        try (Stream<Path> libraries =
                Files.find(Path.of("/usr/lib"), 3, (path, _) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            return libraries.findFirst().orElseThrow(() -> ExternalProgram.missing("faketime is not installed"));
        }
    }
}
