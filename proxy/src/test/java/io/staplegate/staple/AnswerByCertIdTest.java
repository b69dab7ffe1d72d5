package io.staplegate.staple;

import static io.staplegate.staple.Site.LEEWAY;
import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.identity.Identity;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mirror finds among our own staples. */
final class AnswerByCertIdTest {
    @TempDir
    private Path state;

    private final TestClock clock = new TestClock(START);
    private Site site;
    private Staples staples;
    private Identity identity;
    private CertId leaf;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        site = new Site(clock);
        staples = site.room(state);
        identity = site.identity("gateway");
        leaf = CertId.of(CertIdHash.SHA1, identity.leaf(), site.intermediate.certificate());
        staples.start(List.of(identity));
    }

    @AfterEach
    void close() {
        staples.close();
        site.close();
    }

    @Test
    void itIsTheAnswerThatIsStapledOfEachCertificate() {
        List<Staple> current = staples.current(identity).staples();
        CertId intermediate = CertId.of(CertIdHash.SHA1, site.intermediate.certificate(), site.root.certificate());

        assertThat(staples.answer(leaf)).isSameAs(current.getFirst().answer());
        assertThat(staples.answer(intermediate)).isSameAs(current.getLast().answer());
    }

    @Test
    void itNamesTheCertificateByTheHashThatIsAskedWith() {
        assertThat(staples.answer(CertId.of(CertIdHash.SHA256, identity.leaf(), site.intermediate.certificate())))
                .isNull();
    }

    @Test
    void itIsGoneWhenItHasEnded() {
        site.stopResponder();
        clock.move(VALIDITY.minus(LEEWAY));

        assertThat(staples.answer(leaf)).isNull();
    }

    @Test
    void itIsGoneWhenItsIdentityIs() throws Exception {
        staples.retarget(List.of(site.identity("another")));

        assertThat(staples.answer(leaf)).isNull();
    }
}
