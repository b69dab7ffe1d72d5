package io.staplegate.device;

import static io.staplegate.device.AnswersTest.signed;
import static io.staplegate.device.Site.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.device.Answers.Answer;
import io.staplegate.device.Site.Room;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.ocsp.OcspRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an answer that says good where somebody else in the house knows better. */
final class OutdatedAnswerTest {
    private static final Duration HELD_BACK = Duration.ofSeconds(30);

    private Path directory;
    private Site site;
    private Room room;
    private X509Certificate certificate;
    private CertId id;

    @BeforeEach
    void keepAnswer(@TempDir Path temporary) throws IOException {
        directory = temporary;
        site = new Site(directory);
        room = site.room();
        certificate = site.device("gateway");
        id = site.id(certificate);
        assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.GOOD);
        site.better = (asked, answer) -> asked.equals(id) && answer.status() == Status.GOOD;
    }

    @AfterEach
    void stop() {
        room.close();
        site.close();
    }

    @Test
    void itIsKeptFromWhoeverAsks() {
        assertThat(room.answers().kept(id)).isNull();
        assertThat(room.ask(id)).isInstanceOf(Answer.NotKnown.class);
        assertThat(site.responder.seen()).as("asked a moment ago").hasSize(1);
    }

    @Test
    void theResponderIsAskedAgain() {
        site.book.revoke(certificate);
        site.move(HELD_BACK);

        assertThat(signed(room.ask(id)).answer().status()).isEqualTo(Status.REVOKED);
        assertThat(room.answers().kept(id)).isNotNull();
    }

    @Test
    void aResponderThatInsistsOnItIsNotAskedByEachRequest() {
        site.move(HELD_BACK);

        for (int i = 0; i < 3; i++) {
            assertThat(room.ask(id)).isInstanceOf(Answer.NotKnown.class);
        }
        assertThat(site.responder.seen()).hasSize(2);
    }

    @Test
    void itIsNotForwardedEither() {
        assertThat(await(room.answers().forward(id, OcspRequest.encode(id)))).isInstanceOf(Answer.NotKnown.class);
    }

    @Test
    void itDoesNotComeBackFromTheDisk() {
        await().until(() -> Files.exists(directory.resolve("answers").resolve(id.fileName() + ".ocsp")));
        site.book.revoke(certificate);

        try (Room other = site.room()) {
            assertThat(signed(other.ask(id)).answer().status()).isEqualTo(Status.REVOKED);
        }
    }

    @Test
    void itIsGivenOutAgainOnceNobodyKnowsBetter() {
        site.better = (_, _) -> false;

        assertThat(signed(room.ask(id)).fetched()).isFalse();
    }
}
