import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The Java runtime that the packages bring along, linked of the modules that Staplegate needs.
 *
 * <p>What reads the classes (jdeps) also asks for java.desktop and java.sql: Jackson and Micrometer work without them.
 */
final class JavaRuntime {
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.logging", // Bouncy Castle
            "java.management", // the metrics of the JVM
            "java.naming", // names of certificates
            "java.net.http", // responders, revocation lists
            "java.xml", // Logback
            "jdk.crypto.cryptoki", // PKCS#11 tokens; by reflection
            "jdk.jcmd", // to look into a running proxy: jcmd, jfr
            "jdk.jfr", // Netty's events
            "jdk.management",
            "jdk.net", // socket options; by reflection
            "jdk.unsupported"); // Netty's memory, signals

    private JavaRuntime() {}

    /** Makes the folder that is named, anew. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        int exit = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new IOException("no jlink in " + System.getProperty("java.home")))
                .run(
                        new PrintWriter(System.out, true),
                        new PrintWriter(System.err, true),
                        "--add-modules=" + String.join(",", MODULES),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--compress=zip-6",
                        "--output=" + folder);
        System.exit(exit != 0 ? exit : share(folder));
    }

    /** Writes the archive of the JDK's own classes in the form that the launcher's options ask for; jlink has none. */
    private static int share(Path folder) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        folder.resolve("bin/java").toString(),
                        "-XX:+UseCompactObjectHeaders",
                        "-Xshare:dump",
                        "-Xlog:disable")
                .inheritIO()
                .start()
                .waitFor();
    }
}
