package io.staplegate.demo;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a demo: its certificates, keys and configuration, and the state of the proxy that serves them. What is
 * in it already is used again, so that a device that trusts its {@code ca.pem} keeps working.
 */
public record DemoDirectory(Path folder) {
    /** The root alone: what a device trusts. */
    public Path ca() {
        return folder.resolve("ca.pem");
    }

    /** The server's certificate, then the intermediate's. */
    public Path chain() {
        return folder.resolve("chain.pem");
    }

    /** The intermediate's certificate alone: who asks about the server's needs it. */
    public Path issuer() {
        return folder.resolve("intermediate.pem");
    }

    /** The device's certificate, then the intermediate's. */
    public Path device() {
        return folder.resolve("device.pem");
    }

    public Path deviceKey() {
        return folder.resolve("device.key");
    }

    /** Devices that are kept out; where devices are asked for certificates. */
    public Path denyList() {
        return folder.resolve("denied.txt");
    }

    /** What {@code staplegate run} takes. */
    public Path configuration() {
        return folder.resolve("staplegate.yaml");
    }

    /**
     * The certificates in the folder; those that are missing, about to expire or naming another responder are issued
     * and written. The root stays as long as it can.
     */
    public DemoPki pki(URI responder, Instant now) throws IOException {
        Files.createDirectories(folder);
        Optional<Authority> root = root().filter(authority -> DemoPki.isLasting(authority.certificate(), now));
        Optional<DemoPki> kept = root.flatMap(this::belowRoot).filter(pki -> pki.isUsable(responder, now));
        if (kept.isPresent()) {
            return kept.get();
        }
        DemoPki pki = root.isPresent() ? DemoPki.issue(root.get(), responder, now) : DemoPki.issue(responder, now);
        write(pki);
        return pki;
    }

    /**
     * Claims the folder, made where there is none, for as long as what is returned is open: who writes here while
     * another demo serves from it would spoil that one's files.
     *
     * @throws IOException where another demo has it, or the folder cannot be had
     */
    @SuppressWarnings("resource") // the caller's, who closes it
    public Closeable claim() throws IOException {
        Files.createDirectories(folder);
        FileChannel file =
                FileChannel.open(folder.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() != null) {
                return file;
            }
        } catch (OverlappingFileLockException e) {
            // of this very process
        }
        file.close();
        throw new IOException("another demo serves from it");
    }

    /**
     * The ports of the proxy on loopback; 0 picks a free one at each start.
     *
     * @param mirror null: none
     */
    public record Ports(
            int tls, int dtls, int admin, @Nullable Integer mirror) {
        /** Free ones, and no mirror. */
        public static final Ports FREE = new Ports(0, 0, 0, null);
    }

    /** Whether a device may come without a certificate. */
    public enum ClientAuth {
        REQUEST,
        REQUIRE;

        /** As a configuration and a command line have it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Writes the proxy's configuration, complete but for defaults; not where it is there already, byte for byte.
     *
     * @param clientAuth whether devices are asked for certificates; null: they are not
     * @param stream what TLS leads to
     * @param datagrams what DTLS leads to
     */
    public void configure(
            Ports ports, @Nullable ClientAuth clientAuth, InetSocketAddress stream, InetSocketAddress datagrams)
            throws IOException {
        String text = DemoConfiguration.text(ports, clientAuth, stream, datagrams, folder.resolve("state"));
        if (clientAuth != null && !Files.exists(denyList())) {
            Files.writeString(denyList(), "# Devices that are kept out, a line each: name:demo device\n");
        }
        if (!Files.exists(configuration()) || !Files.readString(configuration()).equals(text)) {
            Files.writeString(configuration(), text);
        }
    }

    /** The same where devices are not asked for certificates. */
    public void configure(Ports ports, InetSocketAddress stream, InetSocketAddress datagrams) throws IOException {
        configure(ports, null, stream, datagrams);
    }

    private Path rootKey() {
        return folder.resolve("ca.key");
    }

    private Path intermediateKey() {
        return folder.resolve("intermediate.key");
    }

    private Path serverKey() {
        return folder.resolve("server.key");
    }

    private Optional<Authority> root() {
        try {
            return Optional.of(Authority.of(Pem.certificates(ca()).getFirst(), Pem.key(rootKey())));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty(); // absent or spoiled: made anew
        }
    }

    private Optional<DemoPki> belowRoot(Authority root) {
        try {
            List<X509Certificate> chain = Pem.certificates(chain());
            return Optional.of(new DemoPki(
                    root,
                    Authority.of(Pem.certificates(issuer()).getFirst(), Pem.key(intermediateKey())),
                    chain.get(0),
                    Pem.key(serverKey()),
                    Pem.certificates(device()).getFirst(),
                    Pem.key(deviceKey())));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty(); // absent or spoiled: made anew
        }
    }

    /** The certificates go first and come last, so that a crash never leaves one beside another's key. */
    private void write(DemoPki pki) throws IOException {
        X509Certificate intermediate = pki.intermediate().certificate();
        Files.deleteIfExists(ca());
        Files.deleteIfExists(chain());
        Pem.write(rootKey(), pki.root().keys().getPrivate());
        Pem.write(ca(), pki.root().certificate());
        Pem.write(intermediateKey(), pki.intermediate().keys().getPrivate());
        Pem.write(issuer(), intermediate);
        Pem.write(serverKey(), pki.serverKey());
        Pem.write(deviceKey(), pki.deviceKey());
        Pem.write(device(), pki.device(), intermediate);
        Pem.write(chain(), pki.server(), intermediate);
    }
}
