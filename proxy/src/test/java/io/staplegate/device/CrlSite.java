package io.staplegate.device;

import io.staplegate.config.Configuration;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.testing.ListServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.Extension;

/** The room of devices' revocation lists under test, on a clock that a test moves, and a server of lists. */
final class CrlSite implements AutoCloseable {
    static final Duration VALIDITY = SignedList.VALIDITY;
    static final int MOST_SOURCES = 5;

    private static final Duration PACE = Duration.ofMillis(20);

    private final Path directory;
    private final Site site;
    private final ListServer server = new ListServer();
    private final Configuration configuration;
    private ResponderClient client;
    private Crls crls;

    CrlSite(Path directory) throws IOException {
        this.directory = directory;
        this.site = new Site(directory);
        this.configuration = site.configuration(null);
        this.client = new ResponderClient(configuration.ocsp(), site.clock, site.telemetry);
        this.crls = room();
    }

    Crls crls() {
        return crls;
    }

    ListServer server() {
        return server;
    }

    AtomicReference<Instant> now() {
        return site.now;
    }

    Path directory() {
        return directory;
    }

    /** A device whose certificate names a list at each of these paths of the server. */
    X509Certificate device(Authority ca, String... paths) {
        return issue(ca, Issuance.named("device").with(Extension.cRLDistributionPoints, points(paths)));
    }

    /** Distribution points at these paths of the server. */
    CRLDistPoint points(String... paths) {
        return new CRLDistPoint(Stream.of(paths)
                .map(path ->
                        new DistributionPoint(IssuedCrl.point(server.url(path).toString()), null, null))
                .toArray(DistributionPoint[]::new));
    }

    X509Certificate issue(Authority ca, Issuance issuance) {
        return ca.issue(
                issuance.valid(Site.START.minus(Duration.ofDays(30)), Duration.ofDays(3_650)),
                ca.keys().getPublic());
    }

    CrlStatus status(X509Certificate certificate, Authority issuer) {
        return crls.status(certificate, issuer.certificate(), site.clock.instant());
    }

    /** Waits until the lists that decide about a certificate have been looked at. */
    void await(X509Certificate certificate, Authority issuer) {
        Site.await(crls.arrival(certificate, issuer.certificate()));
    }

    /** Ends the room, and opens another on the same directory. */
    void restart() {
        shut();
        client = new ResponderClient(configuration.ocsp(), site.clock, site.telemetry);
        crls = room();
    }

    /** What metrics call a path of the server. */
    String label(String path) {
        return ResponderClient.hostPort(server.url(path)) + path;
    }

    String metrics() {
        return site.telemetry.scrape(site.telemetry.contentType(null));
    }

    /** What is kept of lists. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("crls/devices"))) {
            return files.filter(file -> file.toString().endsWith(".crl")).toList();
        }
    }

    @Override
    public void close() {
        shut();
        server.close();
        site.close();
    }

    private void shut() {
        crls.close();
        client.close();
    }

    private Crls room() {
        return new Crls(configuration, client, site.clock, site.telemetry, PACE, MOST_SOURCES);
    }
}
