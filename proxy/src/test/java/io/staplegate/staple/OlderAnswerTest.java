package io.staplegate.staple;

import static io.staplegate.staple.Site.LEEWAY;
import static io.staplegate.staple.Site.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.OcspReply;
import io.staplegate.demo.StatusBook;
import io.staplegate.identity.Identity;
import io.staplegate.testing.Behaviour;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When an answer that is older than the one that is held, but lasts longer, is stapled. */
@Timeout(60)
final class OlderAnswerTest {
    private static final Instant OLDER = START.minus(Duration.ofHours(12));
    private static final Instant NEXT_UPDATE = START.plus(Duration.ofHours(8));
    private static final Instant END = NEXT_UPDATE.minus(LEEWAY);
    private static final Behaviour NEWER_ANSWER = stating(START, NEXT_UPDATE);
    private static final Behaviour OLDER_ANSWER = stating(OLDER, START.plus(Duration.ofHours(12)));

    private LadderSite at;
    private Identity identity;

    @BeforeEach
    void holdTheNewerOne(@TempDir Path state) throws IOException, InterruptedException {
        at = new LadderSite(state);
        at.first.behave(NEWER_ANSWER);
        at.second.behave(OLDER_ANSWER);
        identity = at.identity("gateway");
        at.staples.start(List.of(identity));
    }

    @AfterEach
    void close() {
        at.close();
    }

    @Test
    void itIsFromTheMomentThatTheNewerOneIsNot() throws Exception {
        at.first.behave(OLDER_ANSWER);

        at.clock.move(Duration.between(START, END).minusMillis(1));
        lookAgain();
        assertThat(at.row().thisUpdate()).isEqualTo(START);

        at.clock.move(Duration.ofMillis(1));
        lookAgain();
        assertThat(at.row().thisUpdate()).isEqualTo(OLDER);
    }

    @Test
    void itIsAlsoWhereAnotherResponderStillGivesTheNewerOne() throws Exception {
        at.clock.move(Duration.between(START, END));
        lookAgain();

        assertThat(at.row().thisUpdate()).isEqualTo(OLDER);
        assertThat(at.row().rung()).isEqualTo("next_responder");
    }

    @Test
    void theNewerOneDoesNotTakeItAwayAgain() throws Exception {
        at.clock.move(Duration.between(START, END));
        lookAgain();
        at.second.behave(NEWER_ANSWER);
        lookAgain();

        assertThat(at.row().thisUpdate()).isEqualTo(OLDER);
        assertThat(at.row().lastError()).isNull();
    }

    /** Two looks, one after the other: the first may have been under way. */
    private void lookAgain() throws InterruptedException {
        at.staples.refresh("gateway");
        at.staples.refresh("gateway");
    }

    /** What a responder says that has signed it so. */
    private static Behaviour stating(Instant thisUpdate, Instant nextUpdate) {
        return exchange -> {
            OcspReply honest = StatusBook.asked(exchange.request().ocsp())
                    .flatMap(exchange.book()::reply)
                    .orElseThrow();
            Behaviour.responding(honest.valid(thisUpdate, nextUpdate).encode()).answer(exchange);
        };
    }
}
