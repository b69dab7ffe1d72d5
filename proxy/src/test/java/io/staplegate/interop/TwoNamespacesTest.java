package io.staplegate.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar example, run as it is with this build in the place of the launcher. */
final class TwoNamespacesTest {
    @TempDir
    private Path temporary;

    @Test
    void deviceReachesTheProxyAloneAndVerifiesItsStapleWithoutAResponder() throws Exception {
        for (String name : new String[] {"mosquitto", "mosquitto_sub", "mosquitto_pub", "openssl"}) {
            var _ = ExternalProgram.named(name);
        }
        ExternalProgram ip = ExternalProgram.named("ip");
        if (ip.run("netns", "list").exit() != 0 || !mayMakeNamespaces()) {
            throw ExternalProgram.missing("network namespaces need root");
        }

        Path example = Path.of(System.getProperty("staplegate.root"), "deploy/examples/two-namespaces");
        Path said = temporary.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(example.toString()).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("STAPLEGATE", launcher().toString());
        int exit = builder.start().waitFor(); // it has deadlines of its own, and cleans up behind each

        assertThat(exit).as(Files.readString(said)).isZero();
        assertThat(said).content().contains("reading 42").endsWith("ok\n");
        assertThat(ip.run("netns", "list").output()).doesNotContain("staplegate-");
    }

    private static boolean mayMakeNamespaces() throws Exception {
        return ExternalProgram.named("unshare").run("--net", "true").exit() == 0;
    }

    private Path launcher() throws Exception {
        Path script = temporary.resolve("staplegate");
        Files.writeString(script, """
                #!/bin/sh
                exec '%s/bin/java' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
                    -cp '%s' io.staplegate.app.Main "$@"
                """.formatted(System.getProperty("java.home"), classPath()), UTF_8);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The example goes to a folder of its own: relative parts would mean others there. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(part -> Path.of(part).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
