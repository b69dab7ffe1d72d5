package io.staplegate.interop;

import io.staplegate.testing.DeviceAuthority;
import io.staplegate.testing.DeviceAuthority.Holder;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** A {@link StapledServer} whose listeners, one of TLS and one of DTLS, let in nobody but the devices of a CA. */
final class MutualServer implements AutoCloseable {
    private final StapledServer server;
    private final Path folder;

    private MutualServer(StapledServer server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /** Everything, the proxy included; no device's revocation is checked. */
    static MutualServer startIn(Path folder, DeviceAuthority devices) throws IOException {
        return startIn(folder, devices, "policy: off", "");
    }

    /**
     * The same where it is.
     *
     * @param revocation how, in YAML; files are relative to the folder
     * @param more of the configuration
     */
    static MutualServer startIn(Path folder, DeviceAuthority devices, String revocation, String more)
            throws IOException {
        StapledServer server = StapledServer.in(folder, Duration.ofHours(12));
        MutualServer mutual = new MutualServer(server, folder);
        mutual.write("devices.pem", List.of(devices.certificate()));
        Path configuration = server.directory().configuration();
        String keys = "mode: require, trustAnchors: devices.pem, revocation: { " + revocation + " }";
        String text = Files.readString(configuration)
                .replaceAll("(?m)^    backend: .*", "$0\n    clientAuth: { " + keys + " }");
        Files.writeString(configuration, text + more);
        server.start();
        return mutual;
    }

    /** Writes a device's certificates and its key for a client to read. */
    DeviceFiles files(String name, Holder device) throws IOException {
        Path chain = write(name + ".pem", device.chain());
        Path key =
                write(name + ".key", List.of(new JcaPKCS8Generator(device.keys().getPrivate(), null)));
        return new DeviceFiles(chain, key);
    }

    /** What a device shows: its certificate with those above it, and its key in PKCS #8. */
    record DeviceFiles(Path chain, Path key) {}

    private Path write(String name, List<?> objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                pem.writeObject(object);
            }
        }
        return Files.writeString(folder.resolve(name).toAbsolutePath(), text.toString());
    }

    int port() {
        return server.port();
    }

    int dtlsPort() {
        return server.dtlsPort();
    }

    String ca() {
        return server.ca();
    }

    /** How often checks of devices have come to an outcome since the start. */
    double checked(String outcome) {
        return Metrics.of(server.proxy().port("admin"))
                .sum("staplegate_device_checks_total", List.of("outcome=\"" + outcome + "\""));
    }

    /** How often the listeners have refused a path for a reason since the start. */
    double refused(String fault) {
        return Metrics.of(server.proxy().port("admin"))
                .sum("staplegate_device_paths_refused_total", List.of("reason=\"" + fault + "\""));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
