package io.staplegate.probe;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.jspecify.annotations.Nullable;

/** {@code openssl s_server} on a free port, with a chain and perhaps a staple. */
final class OpensslServer implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("ACCEPT .*:(\\d+)");

    private final Process process;
    private final int port;

    private OpensslServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts; where there is no OpenSSL the test is skipped, or fails if that is asked for. */
    static OpensslServer start(
            Path folder, List<X509Certificate> chain, PrivateKey key, byte @Nullable [] staple, String... options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl", "s_server", "-accept", "127.0.0.1:0"));
        command.addAll(
                List.of("-cert", pem(folder, "leaf.pem", chain.getFirst()), "-key", pem(folder, "leaf.key", key)));
        command.addAll(List.of(
                "-cert_chain",
                pem(folder, "chain.pem", chain.subList(1, chain.size()).toArray())));
        if (staple != null) {
            Path file = folder.resolve("staple.der");
            Files.write(file, staple);
            command.addAll(List.of("-status_file", file.toString()));
        }
        command.addAll(List.of(options));
        requireOpenssl();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new OpensslServer(process, portOf(process));
    }

    private static void requireOpenssl() {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean present = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "openssl")));
        if (!present && System.getProperty("staplegate.interop", "skip").equals("required")) {
            fail("openssl is not on PATH");
        }
        assumeTrue(present, "openssl is not on PATH");
    }

    private static int portOf(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
                return Integer.parseInt(listening.group(1));
            }
            seen.append(line).append('\n');
        }
        throw new IOException("openssl ended: " + seen);
    }

    private static String pem(Path folder, String name, Object... objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                pem.writeObject(object instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : object);
            }
        }
        return Files.writeString(folder.resolve(name), text.toString()).toString();
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
