package io.staplegate.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.testing.LogLines;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that the configuration names, and delta lists. */
final class ConfiguredCrlsTest {
    private static final Authority CA = Site.authority("Devices CA");
    private static final Authority OTHER = Site.authority("Other CA");
    private static final String BASE = "/base.crl";
    private static final String DELTA = "/delta.crl";

    private CrlSite site;
    private X509Certificate device;
    private X509Certificate stolen;
    private Path file;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        site = new CrlSite(directory);
        device = site.issue(CA, Issuance.named("device"));
        stolen = site.issue(CA, Issuance.named("stolen"));
        file = directory.resolve("devices.crl");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void aConfiguredUrlIsASourceForItsCaAlone() {
        site.server().put(BASE, list().revoke(stolen.getSerialNumber(), 1).encode());

        Site.await(site.crls().configure(List.of(site.server().url(BASE)), List.of(), List.of(CA.certificate())));

        assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Good.class);
        assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);
        assertThat(site.status(site.issue(OTHER, Issuance.named("guest")), OTHER))
                .isEqualTo(new CrlStatus.NoSource());
    }

    @Test
    void aListOfACaThatTurnsUpLaterIsReadThen() throws IOException {
        Files.write(file, list().revoke(stolen.getSerialNumber(), 1).encode());
        Site.await(site.crls().configure(List.of(), List.of(file), List.of(OTHER.certificate())));

        assertThat(site.status(stolen, CA)).isEqualTo(new CrlStatus.Unavailable());

        await().until(() -> site.status(stolen, CA) instanceof CrlStatus.Revoked);
    }

    @Test
    void aFileIsReadAgainWhenItChanges() throws IOException {
        Files.write(file, list().number(1).encode());
        configureFile();
        assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Good.class);

        Files.write(file, list().number(2).revoke(stolen.getSerialNumber(), 1).encode());
        await().until(() -> site.status(stolen, CA) instanceof CrlStatus.Revoked);

        Path next = file.resolveSibling("next.crl");
        Files.writeString(next, pem(list().number(3).encode()));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        await().until(() -> site.status(stolen, CA) instanceof CrlStatus.Good);
    }

    @Test
    void aListThatDiffersInItsEntriesAloneCounts() throws IOException {
        Files.write(file, list().number(1).revoke(device.getSerialNumber(), 1).encode());
        configureFile();
        assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Revoked.class);

        Files.write(file, list().number(1).revoke(stolen.getSerialNumber(), 1).encode());

        await().until(() -> site.status(stolen, CA) instanceof CrlStatus.Revoked);
        assertThat(site.status(device, CA)).isInstanceOf(CrlStatus.Good.class);
    }

    @Test
    void aFileThatIsNoListOrMissingChangesNothingThatIsHeld() throws IOException {
        Files.write(file, list().revoke(stolen.getSerialNumber(), 1).encode());
        configureFile();
        try (LogLines log = new LogLines(CrlSource.class)) {
            Files.writeString(file, pem(list().encode()) + pem(list().encode()));
            await().until(() -> log.lines().size() == 1);
            assertThat(log.lines().getFirst()).contains("there is more than one PEM block");

            Files.delete(file);
            assertThat(site.status(stolen, CA)).isInstanceOf(CrlStatus.Revoked.class);
        }
    }

    @Test
    void whatIsNoLongerConfiguredIsForgotten() throws IOException {
        Files.write(file, list().encode());
        configureFile();

        Site.await(site.crls().configure(List.of(URI.create("ldap://ca.example/cn=CA")), List.of(), List.of()));

        assertThat(site.status(device, CA)).isEqualTo(new CrlStatus.NoSource());
        assertThat(site.metrics()).doesNotContain("devices.crl");
    }

    @Test
    void aDeltaThatTheBaseNamesIsFetchedBeforeTheWaitEnds() {
        site.server()
                .put(
                        BASE,
                        list().number(10)
                                .deltasAt(site.server().url(DELTA).toString())
                                .encode());
        X509Certificate any = site.device(CA, BASE);
        site.server()
                .put(
                        DELTA,
                        list().number(11)
                                .deltaTo(10)
                                .revoke(any.getSerialNumber(), 6)
                                .encode());

        site.await(any, CA);

        assertThat(site.status(any, CA)).isInstanceOf(CrlStatus.Revoked.class);
    }

    @Test
    void aDeltaThatTheCertificateNamesTakesAHoldOff() {
        X509Certificate any = site.issue(
                CA,
                Issuance.named("device")
                        .with(Extension.cRLDistributionPoints, site.points(BASE))
                        .with(Extension.freshestCRL, site.points(DELTA)));
        site.server()
                .put(BASE, list().number(10).revoke(any.getSerialNumber(), 6).encode());
        site.server()
                .put(
                        DELTA,
                        list().number(11)
                                .deltaTo(9)
                                .revoke(any.getSerialNumber(), 8)
                                .encode());

        site.await(any, CA);

        assertThat(site.status(any, CA)).isInstanceOf(CrlStatus.Good.class);
    }

    @Test
    void aDeltaAloneSaysNothing() {
        site.server().put(BASE, list().number(11).deltaTo(10).encode());
        X509Certificate any = site.device(CA, BASE);

        site.await(any, CA);

        assertThat(site.status(any, CA)).isEqualTo(new CrlStatus.Unavailable());
    }

    /** The delta lasts for an hour, the base for days: it is not due when the delta is. */
    @Test
    void aDeltaToANewerBaseHasThatFetchedAtOnce() {
        X509Certificate any = site.issue(
                CA,
                Issuance.named("device")
                        .with(Extension.cRLDistributionPoints, site.points(BASE))
                        .with(Extension.freshestCRL, site.points(DELTA)));
        IssuedCrl hour = IssuedCrl.of(CA, Site.START, Duration.ofHours(1));
        site.server().put(BASE, list().number(10).encode());
        site.server().put(DELTA, hour.number(11).deltaTo(10).encode());
        site.await(any, CA);
        assertThat(site.status(any, CA)).isInstanceOf(CrlStatus.Good.class);

        Instant later = Site.START.plus(Duration.ofMinutes(50));
        IssuedCrl next = IssuedCrl.of(CA, later, Duration.ofHours(1));
        site.server().put(BASE, next.number(20).revoke(any.getSerialNumber(), 1).encode());
        site.server().put(DELTA, next.number(21).deltaTo(20).encode());
        site.now().set(later);

        await().until(() -> site.status(any, CA) instanceof CrlStatus.Revoked);
    }

    private void configureFile() {
        Site.await(site.crls().configure(List.of(), List.of(file), List.of(CA.certificate())));
    }

    private static IssuedCrl list() {
        return IssuedCrl.of(CA, Site.START, CrlSite.VALIDITY);
    }

    private static String pem(byte[] der) {
        byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
        return "a list\n-----BEGIN X509 CRL-----\n"
                + Base64.getMimeEncoder(64, newline).encodeToString(der)
                + "\n-----END X509 CRL-----\n";
    }
}
