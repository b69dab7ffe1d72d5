package io.staplegate.handshake;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session secrets in NSS key log format, for debugging with Wireshark; off unless an operator names a file. */
public final class KeyLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyLog.class);
    private static final HexFormat HEX = HexFormat.of();

    private final @Nullable BufferedWriter file;
    private final @Nullable ExecutorService writing;

    private KeyLog(@Nullable BufferedWriter file) {
        this.file = file;
        this.writing = file == null
                ? null
                : Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("key-log").factory());
    }

    /**
     * Opens the file for appending, and warns; lines are written on a thread of their own.
     *
     * @param file the value of {@code SSLKEYLOGFILE}; null or empty: nothing is logged
     */
    public static KeyLog open(@Nullable String file) throws IOException {
        if (file == null || file.isEmpty()) {
            return new KeyLog(null);
        }
        BufferedWriter writer =
                Files.newBufferedWriter(Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        LOG.atWarn()
                .addKeyValue("file", file)
                .log("SSLKEYLOGFILE is set: whoever reads that file can decrypt every connection");
        return new KeyLog(writer);
    }

    /** Logs one secret under its label. The secret stays usable. */
    void log(String label, byte[] clientRandom, TlsSecret secret) throws IOException {
        if (file == null || writing == null) {
            return;
        }
        String line = label + ' ' + HEX.formatHex(clientRandom) + ' ' + HEX.formatHex(Secrets.copy(secret)) + '\n';
        writing.execute(() -> write(file, line));
    }

    private static void write(BufferedWriter file, String line) {
        try {
            file.write(line);
            file.flush();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("key log line lost");
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null && writing != null) {
            writing.close();
            file.close();
        }
    }
}
