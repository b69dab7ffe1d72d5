package io.staplegate.device;

import static io.staplegate.device.Site.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.ClientAuthConfig.Source;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.device.Entrance.Terms;
import io.staplegate.identity.DevicePath;
import io.staplegate.telemetry.DeviceCheck;
import io.staplegate.testing.ListServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What revocation lists do to devices, beside OCSP. */
class ListedDevicesTest {
    private static final Terms LISTS_FIRST = Terms.HARD.prefer(Source.CRL);
    private static final String PATH = "/devices.crl";

    private Site site;
    private ListServer server;
    private DevicePath device;
    private DevicePath other;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        site = new Site(directory);
        server = new ListServer();
        device = listed("thermostat");
        other = listed("other");
    }

    @AfterEach
    void stop() {
        server.close();
        site.close();
    }

    @Test
    void aListSpeaksOfAllThatItsCaHasIssuedAndNobodyElseIsAsked() {
        publish(device);
        try (Entrance entrance = new Entrance(site, LISTS_FIRST)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.REVOKED);
            assertThat(entrance.judge(other)).isEqualTo(DeviceCheck.GOOD);

            assertThat(entrance.view(other).source()).isEqualTo("crl");
            assertThat(site.responder.seen()).isEmpty();
            assertThat(server.seen()).hasSize(1);
        }
    }

    @Test
    void theResponderIsAskedWhereThereIsNoList() {
        site.book.revoke(device.leaf());
        try (Entrance entrance = new Entrance(site, LISTS_FIRST)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.REVOKED);
            assertThat(entrance.judge(other)).isEqualTo(DeviceCheck.GOOD);

            assertThat(entrance.view(other).source()).isEqualTo("ocsp");
        }
    }

    @Test
    void theListIsLookedAtWhereTheResponderDoesNotKnow() {
        publish(device);
        site.book.forget(device.leaf());
        site.book.forget(other.leaf());
        try (Entrance entrance = new Entrance(site, Terms.HARD)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.REVOKED);
            assertThat(entrance.judge(other)).isEqualTo(DeviceCheck.GOOD);
        }
    }

    @Test
    void aConnectedDeviceIsCutOffByANewerList() {
        publish();
        try (Entrance entrance = new Entrance(site, LISTS_FIRST)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.GOOD);
            CompletableFuture<DeviceCheck> leave = entrance.enter(device);
            CompletableFuture<DeviceCheck> stays = entrance.enter(other);
            CompletableFuture<Boolean> told = new CompletableFuture<>();
            entrance.checks.onExpulsion(whose -> {
                if (whose.test(device) && !whose.test(other)) {
                    told.complete(true);
                }
            });

            site.move(Site.VALIDITY.multipliedBy(5).dividedBy(8));
            publish(device);

            await().until(leave::isDone);
            assertThat(await(leave)).isEqualTo(DeviceCheck.REVOKED);
            assertThat(await(told)).isTrue();
            assertThat(stays).isNotDone();
        }
    }

    @Test
    void whatAListHasSaidHoldsForTheGraceAndARevocationForGood() {
        publish(device);
        DevicePath silent =
                site.path("silent", Issuance.named("silent").with(Extension.cRLDistributionPoints, point()));
        try (Entrance entrance = new Entrance(site, LISTS_FIRST.grace(Duration.ofDays(1)))) {
            assertThat(entrance.judge(silent)).isEqualTo(DeviceCheck.GOOD);
            server.remove(PATH);

            site.move(Site.VALIDITY);
            assertThat(entrance.judge(silent)).isEqualTo(DeviceCheck.GOOD_IN_GRACE);
            site.move(Duration.ofDays(1));
            assertThat(entrance.judge(silent)).isEqualTo(DeviceCheck.UNAVAILABLE_REFUSED);
            site.responder.refuse();
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.REVOKED);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A device whose certificate names the list and the responder. */
    private DevicePath listed(String name) {
        return site.path(
                name,
                Issuance.named(name).responders(site.responder.url()).with(Extension.cRLDistributionPoints, point()));
    }

    private CRLDistPoint point() {
        var name = IssuedCrl.point(server.url(PATH).toString());
        return new CRLDistPoint(new DistributionPoint[] {new DistributionPoint(name, null, null)});
    }

    /** Another list, as of now, with these devices on it. */
    private void publish(DevicePath... revoked) {
        IssuedCrl list = IssuedCrl.of(site.ca, site.clock.instant(), Site.VALIDITY);
        for (DevicePath path : revoked) {
            list = list.revoke(path.leaf().getSerialNumber(), 1);
        }
        server.put(PATH, list.encode());
    }
}
