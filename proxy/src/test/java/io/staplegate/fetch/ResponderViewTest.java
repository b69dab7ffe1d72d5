package io.staplegate.fetch;

import static io.staplegate.fetch.RawServer.answering;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.fetch.ResponderView.Circuit;
import io.staplegate.telemetry.Telemetry;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators are told of responders, on a clock that the test moves. */
final class ResponderViewTest {
    private static final byte[] REQUEST = {0x30, 0};
    private static final byte[] ANSWER = {0x30, 3, 0x0a, 1, 0};

    private volatile Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private final ResponderClient client =
            new ResponderClient(Ocsp.config(), () -> now, new Telemetry(InstantSource.system()));

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void whoAnswersIsClosedAndWhenThatWasIsKept() throws Exception {
        try (RawServer server = new RawServer(answering("200 OK", ANSWER))) {
            client.fetch(server.url(), REQUEST);
            client.answered(server.url());

            assertThat(client.view())
                    .containsExactly(new ResponderView(
                            ResponderClient.hostPort(server.url()), Circuit.CLOSED, null, now, null, null));
        }
    }

    @Test
    void whoDoesNotIsOpenWithItsReasonAndIsProbed() throws Exception {
        try (RawServer server = new RawServer(answering("500 Broken", ANSWER))) {
            for (int i = 0; i < 3; i++) {
                client.fetch(server.url(), REQUEST);
            }
            ResponderView down = client.view().getFirst();
            assertThat(down.circuit()).isEqualTo(Circuit.OPEN);
            assertThat(down.nextProbe()).isBetween(now.plusSeconds(30), now.plusSeconds(33));
            assertThat(down.lastError()).contains("answered HTTP status 500");
            assertThat(down.lastErrorAt()).isEqualTo(now);
            assertThat(down.lastAnswer()).isNull();

            now = now.plusSeconds(33);
            assertThat(client.circuits().admits(server.url())).isTrue();
            assertThat(client.view().getFirst().circuit()).isEqualTo(Circuit.PROBED);

            client.answered(server.url());
            assertThat(client.view().getFirst().circuit()).isEqualTo(Circuit.CLOSED);
            assertThat(client.view().getFirst().lastError())
                    .as("is not forgotten")
                    .isNotNull();
        }
    }

    @Test
    void aFloodOfNamesIsBoundedAndDrivesNobodyOutWhoIsAskedOften() {
        for (int i = 0; i < 5_000; i++) {
            if (i % 500 == 0) {
                client.answered(URI.create("http://ours.test/"));
            }
            client.answeredInVain(URI.create("http://host" + i + ".test/"), "no OCSP response");
        }
        assertThat(client.view())
                .as("a thousand track records, and the thousand that last were in trouble")
                .hasSizeBetween(1_000, 2_000)
                .extracting(ResponderView::hostPort)
                .contains("ours.test:80");
    }
}
