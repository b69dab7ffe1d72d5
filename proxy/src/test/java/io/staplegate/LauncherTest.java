package io.staplegate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launchers, in a checkout of their own, with a java and a mvn that tell how they are called. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class LauncherTest {
    private static final String OLD = "2001-01-01T00:00:00Z";

    @TempDir
    private Path temporary;

    private Path root;
    private Path tools;

    record Run(int exit, String out, String err) {}

    @BeforeEach
    void makeACheckout() throws IOException {
        root = Files.createDirectories(temporary.resolve("a checkout"));
        tools = Files.createDirectories(temporary.resolve("tools"));
        Path bin = Files.createDirectories(root.resolve("deploy/bin"));
        for (String name : List.of("staplegate", "staplegate-loadtest", "launch.sh")) {
            Path source = Path.of(System.getProperty("staplegate.root"), "deploy/bin", name);
            Files.copy(source, bin.resolve(name), COPY_ATTRIBUTES);
        }
        for (String module : List.of("proxy", "loadtest")) {
            old(Files.createFile(Files.createDirectories(root.resolve(module)).resolve("pom.xml")));
            Path sources = Files.createDirectories(root.resolve(module + "/src/main/java"));
            old(Files.createFile(sources.resolve("Source.java")));
            old(sources);
            old(sources.getParent());
        }
        old(Files.createFile(root.resolve("pom.xml")));
        java("25.0.1");
        script(tools.resolve("mvn"), """
                echo "mvn in $PWD: $*"
                case "$*" in
                    *loadtest*) jar=loadtest/target/staplegate-loadtest.jar ;;
                    *) jar=proxy/target/staplegate.jar ;;
                esac
                mkdir -p "$(dirname "$jar")" && : >"$jar"
                """);
    }

    @Test
    void whatIsMissingIsBuiltWithMavensOutputOnStandardError() throws Exception {
        Run run = run("staplegate", "demo", "--directory", "a folder");
        assertThat(run.exit()).isZero();
        assertThat(run.err())
                .contains("building")
                .contains("mvn in " + root + ": ")
                .contains("-pl proxy -am package");
        assertThat(run.out()).endsWith("-jar|" + root + "/proxy/target/staplegate.jar|demo|--directory|a folder|\n");
    }

    @Test
    void whatIsBuiltRunsAtOnce() throws Exception {
        run("staplegate");
        Run run = run("staplegate", "check");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("|check|");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"pom.xml", "proxy/pom.xml", "proxy/src/main/java/Source.java", "proxy/src/main/java/New.java"})
    void whatIsOlderThanItsSourcesIsBuiltAgain(String changed) throws Exception {
        run("staplegate");
        Path file = root.resolve(changed);
        Files.writeString(file, "changed");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(2)));
        assertThat(run("staplegate").err()).contains("building");
    }

    @Test
    void theLoadTestIsBuiltOfBothModules() throws Exception {
        Run run = run("staplegate-loadtest", "handshakes");
        assertThat(run.err()).contains("-pl loadtest -am package");
        assertThat(run.out()).endsWith("/loadtest/target/staplegate-loadtest.jar|handshakes|\n");
    }

    @Test
    void aSymbolicLinkToTheLauncherWorksFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("linked"), root.resolve("deploy/bin/staplegate"));
        assertThat(run(link, "check").out()).contains(root + "/proxy/target/staplegate.jar|check|");
    }

    @Test
    void withoutSourcesTheJarBesideTheLauncherRuns() throws Exception {
        Path bin = Files.createDirectories(temporary.resolve("installed"));
        Files.copy(root.resolve("deploy/bin/staplegate"), bin.resolve("staplegate"), COPY_ATTRIBUTES);
        Files.copy(root.resolve("deploy/bin/launch.sh"), bin.resolve("launch.sh"));
        assertThat(run(bin.resolve("staplegate")).err())
                .startsWith("error: \"" + bin + "/staplegate.jar\" is missing\nhint: ");
        Files.createFile(bin.resolve("staplegate.jar"));
        assertThat(run(bin.resolve("staplegate"), "check").out()).contains("|" + bin + "/staplegate.jar|check|");
    }

    @Test
    void aCacheIsUsedByAStartWhereNoJarIsNewer() throws Exception {
        run("staplegate");
        Path cache = Files.createFile(root.resolve("proxy/target/staplegate.aot"));
        assertThat(run("staplegate", "run").out()).contains("|-XX:AOTCache=" + cache + "|");
        assertThat(run("staplegate", "check").out()).doesNotContain("AOTCache");

        old(cache);
        assertThat(run("staplegate", "run").out()).doesNotContain("AOTCache");
    }

    @Test
    void optionsOfTheUserReachTheJvm() throws Exception {
        Run run = run(List.of("STAPLEGATE_JAVA_OPTS=-Xmx64m -Dx=y"), root.resolve("deploy/bin/staplegate"));
        assertThat(run.out()).contains("|-Xmx64m|-Dx=y|-jar|");
    }

    @Test
    void anOlderJavaIsPassedOver() throws Exception {
        java("17.0.15");
        Run run = run("staplegate", "--version");
        assertThat(run.out()).doesNotContain("fake java");
    }

    @Test
    void aMissingMavenIsNamed() throws Exception {
        Files.delete(tools.resolve("mvn"));
        Path bin = Files.createDirectories(temporary.resolve("bin"));
        for (String tool : List.of("dirname", "readlink", "sed", "find", "head")) {
            script(bin.resolve(tool), "exec " + executable(tool) + " \"$@\"");
        }
        Run run = run(List.of("PATH=" + bin), root.resolve("deploy/bin/staplegate"));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("there is no mvn to build it\nhint: install Maven 3.8 or newer\n");
    }

    @Test
    void aFailedBuildEndsTheLauncher() throws Exception {
        script(tools.resolve("mvn"), "echo '[ERROR] no'; exit 1");
        Run run = run("staplegate");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("[ERROR] no").contains("error: the build failed\nhint: run \"mvn verify\"");
    }

    private Run run(String launcher, String... arguments) throws Exception {
        return run(root.resolve("deploy/bin").resolve(launcher), arguments);
    }

    private Run run(Path launcher, String... arguments) throws Exception {
        return run(List.of(), launcher, arguments);
    }

    private Run run(List<String> environment, Path launcher, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("env", "JAVA_HOME=" + tools, "PATH=" + tools + ":" + System.getenv("PATH")));
        command.addAll(environment);
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile(temporary, "err", "");
        Process process = new ProcessBuilder(command)
                .directory(temporary.toFile())
                .redirectError(err.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), out, Files.readString(err));
    }

    private void java(String version) throws IOException {
        script(
                Files.createDirectories(tools.resolve("bin")).resolve("java"),
                "echo 'fake java'; printf '%s|' \"$@\"; echo");
        Files.writeString(tools.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path executable(String name) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static void old(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(OLD)));
    }
}
