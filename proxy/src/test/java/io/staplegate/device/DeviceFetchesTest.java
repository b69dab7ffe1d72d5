package io.staplegate.device;

import static io.staplegate.device.Site.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.DevicesConfig;
import io.staplegate.device.Entrance.Terms;
import io.staplegate.fetch.Fetched;
import io.staplegate.identity.DevicePath;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.telemetry.DeviceCheck;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is fetched because of devices: as little as it takes, and beside what is fetched for staples. */
class DeviceFetchesTest {
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
    void aDeviceIsLookedAtAgainInTimeThoughWhatIsKnownHoldsForDays() {
        DevicesConfig often = new DevicesConfig(null, Duration.ofMinutes(5), 32);
        try (Entrance entrance = new Entrance(site, Terms.SOFT, often)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.GOOD);
            CompletableFuture<DeviceCheck> leave = entrance.enter(device);
            site.book.revoke(device.leaf());

            site.move(Duration.ofMinutes(4));
            await().during(Entrance.PACE.multipliedBy(5))
                    .until(() -> site.responder.seen().size() == 1);
            site.move(Duration.ofMinutes(1));

            assertThat(await(leave)).isEqualTo(DeviceCheck.REVOKED);
            assertThat(site.responder.seen()).hasSize(2);
        }
    }

    @Test
    void oneThousandDevicesThatReconnectAreAskedAboutOnceEach() {
        List<DevicePath> fleet =
                IntStream.range(0, 1_000).mapToObj(i -> site.path("meter " + i)).toList();
        try (Entrance entrance = new Entrance(site, Terms.HARD)) {
            List<CompletableFuture<Judgement>> judgements = IntStream.range(0, 3)
                    .boxed()
                    .flatMap(_ -> fleet.stream().map(entrance.gate::judge))
                    .toList();

            assertThat(judgements).allMatch(judgement -> await(judgement).outcome() == DeviceCheck.GOOD);
        }
        Set<String> asked = new HashSet<>();
        site.responder.seen().forEach(request -> asked.add(request.uri()));
        assertThat(asked).hasSize(1_000);
        assertThat(site.responder.seen()).hasSize(1_000);
    }

    @Test
    void respondersOfTheConfigurationAreAskedInPlaceOfThoseNamed() throws IOException {
        try (FaultyResponder configured = FaultyResponder.start(site.book);
                Entrance entrance = new Entrance(site, Terms.HARD.responders(configured.url()))) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.GOOD);

            assertThat(configured.seen()).hasSize(1);
            assertThat(site.responder.seen()).isEmpty();
        }
    }

    @Test
    void aDevicesOwnStapleIsAnAnswer() {
        byte[] staple = site.book.answer(OcspRequest.encode(site.id(device.leaf())));
        site.responder.behave(Behaviour.silent());
        DevicePath stapling = new DevicePath(device.certificates(), device.name(), staple);
        try (Entrance entrance = new Entrance(site, Terms.HARD)) {
            assertThat(entrance.judge(stapling)).isEqualTo(DeviceCheck.GOOD);

            assertThat(entrance.view(device).source()).isEqualTo("staple");
            assertThat(site.responder.seen()).isEmpty();
        }
    }

    @Test
    void aStapleThatDoesNotVerifyIsNone() {
        byte[] foreign = site.book.answer(OcspRequest.encode(site.id(site.device("other"))));
        DevicePath stapling = new DevicePath(device.certificates(), device.name(), foreign);
        site.book.revoke(device.leaf());
        try (Entrance entrance = new Entrance(site, Terms.HARD)) {
            assertThat(entrance.judge(stapling)).isEqualTo(DeviceCheck.REVOKED);
            assertThat(entrance.view(device).source()).isEqualTo("ocsp");
        }
    }

    @Test
    void anOldStapleDoesNotUndoARevocation() {
        byte[] staple = site.book.answer(OcspRequest.encode(site.id(device.leaf())));
        site.move(Duration.ofHours(1));
        site.book.revoke(device.leaf());
        try (Entrance entrance = new Entrance(site, Terms.SOFT)) {
            entrance.judge(device);
            site.move(Site.VALIDITY.minusHours(2));
            DevicePath stapling = new DevicePath(device.certificates(), device.name(), staple);

            assertThat(entrance.judge(stapling)).isEqualTo(DeviceCheck.REVOKED);
        }
    }

    @Test
    void devicesThatWaitTakeNoPlaceOfStaples() throws Exception {
        var held = hold();
        byte[] request = OcspRequest.encode(site.id(site.device("our own")));
        try (Entrance entrance = new Entrance(site, Terms.SOFT.budget(SHORT))) {
            List<CompletableFuture<Judgement>> judgements = IntStream.range(0, 200)
                    .mapToObj(i -> entrance.gate.judge(site.path("meter " + i)))
                    .toList();
            judgements.forEach(Site::await);
            assertThat(held).isNotEmpty();
            site.responder.behave(Behaviour.honest());

            Fetched ours = entrance.client.fetch(site.responder.url(), request);

            assertThat(ours).isInstanceOf(Fetched.Body.class);
        }
    }

    @Test
    void staplesThatWaitTakeNoPlaceOfDevices() {
        var held = hold();
        byte[] request = OcspRequest.encode(site.id(site.device("our own")));
        URI url = site.responder.url();
        try (Entrance entrance = new Entrance(site, Terms.HARD)) {
            IntStream.range(0, 40)
                    .forEach(_ -> Thread.startVirtualThread(() -> {
                        try {
                            entrance.client.fetch(url, request);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }));
            await().until(() -> !held.isEmpty());
            site.responder.behave(Behaviour.honest());

            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.GOOD);
        }
    }

    /** Requests are not answered until the test does it. */
    private ConcurrentLinkedQueue<Behaviour.Exchange> hold() {
        var held = new ConcurrentLinkedQueue<Behaviour.Exchange>();
        site.responder.behave(held::add);
        return held;
    }
}
