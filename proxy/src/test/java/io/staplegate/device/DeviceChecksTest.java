package io.staplegate.device;

import static io.staplegate.device.Site.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.WithoutSource;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.device.Entrance.Terms;
import io.staplegate.identity.DevicePath;
import io.staplegate.identity.Fingerprint;
import io.staplegate.relay.SessionSignal;
import io.staplegate.telemetry.DeviceCheck;
import io.staplegate.testing.Behaviour;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a listener's gate makes of devices, before a real responder. */
class DeviceChecksTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private Site site;
    private DevicePath device;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        site = new Site(directory);
        device = site.path("thermostat");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void aGoodDeviceIsAskedAboutOnceAndJudgedAtOnceFromThenOn() {
        try (Entrance entrance = new Entrance(site, Terms.HARD)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.GOOD);

            CompletableFuture<Judgement> again = entrance.gate.judge(device);

            assertThat(again).isCompletedWithValue(new Judgement(DeviceCheck.GOOD, true));
            assertThat(site.responder.seen()).hasSize(1);
            assertThat(entrance.count("staplegate_device_checks_total", ",outcome=\"good\""))
                    .isEqualTo(2);
        }
    }

    @Test
    void aRevokedDeviceIsKeptOutWhereverChecksAreMade() {
        site.book.revoke(device.leaf());
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            Judgement judgement = await(entrance.gate.judge(device));

            assertThat(judgement).isEqualTo(new Judgement(DeviceCheck.REVOKED, false));
            assertThat(judgement.farewell()).isEqualTo(SessionSignal.REVOKED);
            assertThat(await(entrance.gate("other", Terms.SOFT.policy(Policy.OFF))
                            .judge(device)))
                    .isEqualTo(new Judgement(DeviceCheck.NOT_CHECKED, true));
        }
    }

    @Test
    void softLetsInWhenTheBudgetEndsAndCutsOffWhenTheAnswerComes() {
        site.book.revoke(device.leaf());
        var held = hold();
        try (Entrance entrance = new Entrance(site, Terms.SOFT.budget(SHORT))) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.UNAVAILABLE_ALLOWED);
            CompletableFuture<DeviceCheck> leave = entrance.enter(device);
            assertThat(leave).isNotDone();
            assertThat(entrance.view(device).sessions()).isEqualTo(1);

            await().until(() -> !held.isEmpty());
            Behaviour.honest().answer(held.remove());

            assertThat(await(leave)).isEqualTo(DeviceCheck.REVOKED);
            assertThat(entrance.view(device).sessions()).isZero();
            assertThat(entrance.view(device).status()).isEqualTo("revoked");
            assertThat(entrance.count("staplegate_devices_cut_off_total", "")).isEqualTo(1);
            assertThat(site.responder.seen()).hasSize(1);
        }
    }

    @Test
    void aDeviceThatTurnsOutToBeRevokedBeforeItEntersIsExpelledAsItDoes() {
        site.book.revoke(device.leaf());
        var held = hold();
        try (Entrance entrance = new Entrance(site, Terms.SOFT.budget(SHORT))) {
            entrance.judge(device);
            await().until(() -> !held.isEmpty());
            Behaviour.honest().answer(held.remove());
            await().until(() -> entrance.gate.judge(device).getNow(null) != null);

            assertThat(entrance.enter(device)).isCompletedWithValue(DeviceCheck.REVOKED);
        }
    }

    @Test
    void hardKeepsOutWhenTheBudgetEndsAndKnowsBetterTheNextTime() {
        var held = hold();
        try (Entrance entrance = new Entrance(site, Terms.HARD.budget(SHORT))) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.UNAVAILABLE_REFUSED);

            await().until(() -> !held.isEmpty());
            Behaviour.honest().answer(held.remove());

            await().until(() -> entrance.judge(device) == DeviceCheck.GOOD);
            assertThat(site.responder.seen()).hasSize(1);
        }
    }

    @Test
    void softFindsOutAboutConnectedDevicesWhenTheResponderIsBack() {
        site.responder.behave(Behaviour.status(500));
        site.book.revoke(device.leaf());
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.UNAVAILABLE_ALLOWED);
            CompletableFuture<DeviceCheck> leave = entrance.enter(device);

            site.responder.behave(Behaviour.honest());
            site.move(Duration.ofMinutes(1));

            assertThat(await(leave)).isEqualTo(DeviceCheck.REVOKED);
        }
    }

    @Test
    void aGoodAnswerStaysGoodForTheGraceWhenNothingNewerCanBeHad() {
        Terms terms = Terms.HARD.grace(Duration.ofDays(2));
        try (Entrance entrance = new Entrance(site, terms)) {
            entrance.judge(device);
            site.responder.behave(Behaviour.reset());

            site.move(Site.VALIDITY.plusDays(1));
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.GOOD_IN_GRACE);
            assertThat(entrance.view(device).until()).isEqualTo(Site.START.plus(Site.VALIDITY.plusDays(2)));
            site.move(Duration.ofDays(1));
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.UNAVAILABLE_REFUSED);
        }
    }

    @Test
    void theGraceOutlivesARestart() {
        Terms terms = Terms.HARD.grace(Duration.ofDays(2));
        try (Entrance entrance = new Entrance(site, terms)) {
            entrance.judge(device);
        }
        site.responder.behave(Behaviour.reset());
        site.move(Site.VALIDITY.plusDays(1));

        try (Entrance entrance = new Entrance(site, terms)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.GOOD_IN_GRACE);
        }
    }

    @Test
    void whatWasFoundOutOutlivesARestart() {
        DevicePath other = site.path("other");
        site.book.revoke(other.leaf());
        try (Entrance entrance = new Entrance(site, Terms.HARD)) {
            entrance.judge(device);
            entrance.judge(other);
        }
        site.responder.behave(Behaviour.reset());

        try (Entrance entrance = new Entrance(site, Terms.HARD)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.GOOD);
            assertThat(entrance.judge(other)).isEqualTo(DeviceCheck.REVOKED);
        }
        assertThat(site.responder.seen()).hasSize(2);
    }

    @Test
    void aRevocationStandsBeyondItsEndUntilTheCaSaysOtherwise() {
        site.book.revoke(device.leaf());
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            entrance.judge(device);
            site.responder.behave(Behaviour.reset());
            site.move(Site.VALIDITY.plusDays(30));
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.REVOKED);
        }
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            assertThat(entrance.judge(device)).as("after a restart").isEqualTo(DeviceCheck.REVOKED);

            site.book.restore(device.leaf());
            site.responder.behave(Behaviour.honest());
            await().until(() -> {
                site.move(Duration.ofMinutes(1));
                return entrance.judge(device) == DeviceCheck.GOOD;
            });
        }
    }

    @Test
    void aConnectedDeviceIsCheckedOnAndCutOffWhenItIsRevoked() {
        DevicePath other = site.path("other");
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            entrance.judge(device);
            entrance.judge(other);
            CompletableFuture<DeviceCheck> leave = entrance.enter(device);
            CompletableFuture<DeviceCheck> alsoLeaves = entrance.enter(device);
            CompletableFuture<DeviceCheck> stays = entrance.enter(other);
            site.book.revoke(device.leaf());

            site.move(Site.VALIDITY.multipliedBy(5).dividedBy(8));

            assertThat(await(leave)).isEqualTo(DeviceCheck.REVOKED);
            assertThat(await(alsoLeaves)).isEqualTo(DeviceCheck.REVOKED);
            assertThat(stays).isNotDone();
        }
    }

    @Test
    void aSessionThatHasEndedIsToldNothing() {
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            entrance.judge(device);
            CompletableFuture<Judgement> told = new CompletableFuture<>();
            entrance.gate.enter(device, told::complete).close();
            CompletableFuture<DeviceCheck> other = entrance.enter(device);
            site.book.revoke(device.leaf());

            site.move(Site.VALIDITY.multipliedBy(5).dividedBy(8));

            await(other);
            assertThat(told).isNotDone();
        }
    }

    @Test
    void whoKeepsWhatDevicesCanResumeIsTold() {
        DevicePath other = site.path("other");
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        site.book.revoke(device.leaf());
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            entrance.checks.onExpulsion(whose -> told.complete(whose.test(device) && !whose.test(other)));
            entrance.judge(device);

            assertThat(await(told)).isTrue();
        }
    }

    @Test
    void unknownIsLetInOrNotAsThePolicyIs() {
        site.book.forget(device.leaf());
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            Gate hard = entrance.gate("hard", Terms.HARD);

            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.UNKNOWN_ALLOWED);
            assertThat(await(hard.judge(device)).outcome()).isEqualTo(DeviceCheck.UNKNOWN_REFUSED);
        }
    }

    @Test
    void aDeviceThatNamesNobodyIsLetInOrNotAsThePolicyIs() {
        DevicePath silent = new DevicePath(List.of(site.device("silent"), site.ca.certificate()), "silent");
        try (Entrance entrance = new Entrance(site, Terms.HARD)) {
            Gate refusing = entrance.gate("other", Terms.SOFT.whenNoSource(WithoutSource.REFUSE));

            assertThat(entrance.judge(silent)).isEqualTo(DeviceCheck.NO_SOURCE_ALLOWED);
            assertThat(await(refusing.judge(silent)).outcome()).isEqualTo(DeviceCheck.NO_SOURCE_REFUSED);
        }
    }

    @Test
    void theWorstCertificateOfThePathCounts() {
        Issuance below = Issuance.named("Issuing CA")
                .valid(Site.START.minus(Duration.ofDays(30)), Duration.ofDays(365))
                .responders(site.responder.url());
        Authority issuing = site.ca.intermediate(below);
        site.book.open(issuing);
        X509Certificate leaf = issuing.issue(
                Issuance.named("meter")
                        .valid(Site.START.minus(Duration.ofDays(30)), Duration.ofDays(365))
                        .responders(site.responder.url()),
                Authority.newKeys("EC").getPublic());
        DevicePath path = new DevicePath(List.of(leaf, issuing.certificate(), site.ca.certificate()), "meter");
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            assertThat(entrance.judge(path)).isEqualTo(DeviceCheck.GOOD);
            CompletableFuture<DeviceCheck> leave = entrance.enter(path);
            site.book.revoke(issuing.certificate());

            site.move(Site.VALIDITY.multipliedBy(5).dividedBy(8));

            assertThat(await(leave)).isEqualTo(DeviceCheck.REVOKED);
        }
    }

    @Test
    void operatorsSeeWhatIsKnown() {
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            entrance.judge(device);
            try (Gate.Stay _ = entrance.gate.enter(device, _ -> {})) {
                assertThat(entrance.checks.devices())
                        .containsExactly(new DeviceView(
                                "thermostat",
                                device.leaf().getSerialNumber().toString(16),
                                "CN=Devices CA",
                                Fingerprint.of(device.leaf()).toString(),
                                "good",
                                "ocsp",
                                Site.START.plus(Site.VALIDITY),
                                1,
                                Site.START));
            }
            site.move(Duration.ofHours(1));
            assertThat(entrance.view(device).sessions()).isZero();
            assertThat(entrance.view(device).lastSeen()).isEqualTo(Site.START);
        }
    }

    /** Requests are not answered until the test does it. */
    private ConcurrentLinkedQueue<Behaviour.Exchange> hold() {
        var held = new ConcurrentLinkedQueue<Behaviour.Exchange>();
        site.responder.behave(held::add);
        return held;
    }
}
