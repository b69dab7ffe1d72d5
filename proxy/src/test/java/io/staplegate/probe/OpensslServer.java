package io.staplegate.probe;

import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.jspecify.annotations.Nullable;

/** {@code openssl s_server} on a free port, with a chain and perhaps a staple. */
record OpensslServer(RunningProgram openssl, int port) implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("ACCEPT .*:(\\d+)\n");

    /** Starts, and waits until it listens. */
    static OpensslServer start(
            Path folder, List<X509Certificate> chain, PrivateKey key, byte @Nullable [] staple, String... options)
            throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("s_server", "-accept", "127.0.0.1:0"));
        arguments.addAll(
                List.of("-cert", pem(folder, "leaf.pem", chain.getFirst()), "-key", pem(folder, "leaf.key", key)));
        arguments.addAll(List.of(
                "-cert_chain",
                pem(folder, "chain.pem", chain.subList(1, chain.size()).toArray())));
        if (staple != null) {
            arguments.addAll(List.of("-status_file", Files.write(folder.resolve("staple.der"), staple)));
        }
        arguments.addAll(List.of(options));
        RunningProgram openssl = ExternalProgram.named("openssl").start(arguments.toArray());
        return new OpensslServer(
                openssl, Integer.parseInt(openssl.awaitOutput(LISTENING).group(1)));
    }

    private static Path pem(Path folder, String name, Object... objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                pem.writeObject(object instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : object);
            }
        }
        return Files.writeString(folder.resolve(name), text.toString());
    }

    @Override
    public void close() {
        openssl.close();
    }
}
