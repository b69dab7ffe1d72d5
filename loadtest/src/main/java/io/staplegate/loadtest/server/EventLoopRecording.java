package io.staplegate.loadtest.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * What the JDK's flight recorder saw of a proxy's event loops: calls that blocked. A loop that waits for its sockets is
 * in native code, which the recorder takes for no such call.
 *
 * @param file that the proxy's JVM writes when it ends
 * @param threshold a call that takes less is not recorded
 */
public record EventLoopRecording(Path file, Duration threshold) {
    private static final String EVENT_LOOP = "staplegate-io";

    /** A synchronized block of which another thread is in: short where none blocks, long where the CPU is scarce. */
    private static final String LOCK = "jdk.JavaMonitorEnter";

    /** The JDK's events of threads that wait, for whatever it is: sockets, files, locks, others' signals, time. */
    private static final List<String> EVENTS = List.of(
            "jdk.SocketRead",
            "jdk.SocketWrite",
            "jdk.FileRead",
            "jdk.FileWrite",
            "jdk.FileForce",
            "jdk.ThreadPark",
            "jdk.ThreadSleep",
            "jdk.JavaMonitorWait",
            "jdk.VirtualThreadPinned",
            LOCK);

    /**
     * What was found.
     *
     * @param recorded blocked calls of all threads of the process, so that nobody takes a recorder that was off for
     *     event loops that never block
     * @param blocked those of event loops: what it was, for how long, and where
     * @param contended likewise, where an event loop waited for a lock that another thread had
     */
    public record Finding(int recorded, List<String> blocked, List<String> contended) {}

    /** What the proxy's JVM is to be started with. */
    public List<String> options() {
        StringBuilder option = new StringBuilder("-XX:StartFlightRecording:settings=none,dumponexit=true,filename=");
        option.append(file);
        for (String event : EVENTS) {
            option.append(String.format(
                    Locale.ROOT,
                    ",+%s#enabled=true,+%s#threshold=%dms,+%s#stackTrace=true",
                    event,
                    event,
                    threshold.toMillis(),
                    event));
        }
        return List.of(option.toString());
    }

    /** Reads it, when the proxy has ended: what began between these moments. */
    public Finding read(Instant since, Instant until) throws IOException {
        int recorded = 0;
        List<String> blocked = new ArrayList<>();
        List<String> contended = new ArrayList<>();
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                recorded++;
                Instant begin = event.getStartTime();
                if (isOfEventLoop(event) && begin.isAfter(since) && begin.isBefore(until)) {
                    String type = event.getEventType().getName();
                    (type.equals(LOCK) ? contended : blocked)
                            .add(String.format(
                                    Locale.ROOT,
                                    "%s for %d ms %s",
                                    type,
                                    event.getDuration().toMillis(),
                                    place(event)));
                }
            }
        }
        if (recorded == 0) {
            throw new IOException("the recording of the proxy's event loops is empty");
        }
        return new Finding(recorded, blocked, contended);
    }

    private static boolean isOfEventLoop(RecordedEvent event) {
        RecordedThread thread = event.getThread();
        return thread != null && String.valueOf(thread.getJavaName()).startsWith(EVENT_LOOP);
    }

    /** The first frame that is not the JDK's. */
    private static String place(RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return "somewhere";
        }
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
            String type = frame.getMethod().getType().getName();
            if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
                return "in " + type + "." + frame.getMethod().getName();
            }
        }
        return "in the JDK";
    }
}
