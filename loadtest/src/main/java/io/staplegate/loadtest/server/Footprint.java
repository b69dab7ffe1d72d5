package io.staplegate.loadtest.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM takes of its machine at one moment.
 *
 * @param heap bytes of all objects that are reachable
 * @param resident bytes of memory that it holds, the heap's free part and its own among them
 * @param threads those that the operating system knows: no virtual ones
 * @param descriptors files and sockets that are open
 * @param mostDescriptors how many may be
 */
public record Footprint(long heap, long resident, long threads, long descriptors, long mostDescriptors) {
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
    private static final Pattern MOST_DESCRIPTORS = Pattern.compile("Max open files\\s+(\\d+)");

    /** Takes it, behind a garbage collection that the JVM is asked for. */
    public static Footprint of(Process jvm) throws IOException {
        long heap = number(TOTAL, histogram(jvm.pid()));
        Path about = Path.of("/proc", String.valueOf(jvm.pid()));
        String status = Files.readString(about.resolve("status"));
        try (Stream<Path> descriptors = Files.list(about.resolve("fd"))) {
            return new Footprint(
                    heap,
                    1024 * number(RESIDENT, status),
                    number(THREADS, status),
                    descriptors.count(),
                    number(MOST_DESCRIPTORS, Files.readString(about.resolve("limits"))));
        }
    }

    /** For people. */
    public static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    /** The JDK's own tool collects, then counts the objects of each class. */
    private static String histogram(long pid) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(List.of(jcmd.toString(), String.valueOf(pid), "GC.class_histogram"))
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static long number(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("no \"" + pattern + "\" in \"" + text.strip() + "\"");
        }
        return Long.parseLong(matcher.group(1));
    }
}
