package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.ClientAuthConfig;
import io.staplegate.config.ClientAuthConfig.Mode;
import io.staplegate.config.ClientAuthConfig.Naming;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.Revocation;
import io.staplegate.config.ClientAuthConfig.Source;
import io.staplegate.config.ClientAuthConfig.WithoutSource;
import io.staplegate.config.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the files that {@code clientAuth} names. */
final class DeviceTrustReaderTest {
    private Pki pki;

    @BeforeEach
    void start(@TempDir Path folder) {
        pki = new Pki(folder);
        pki.write("root.pem", pki.root.certificate());
        pki.writeText("there.crl", "");
    }

    @Test
    void aListThatIsNotThereIsWarnedOf() {
        assertThat(messages(Policy.HARD))
                .containsExactly("\"gone.crl\" does not exist", "\".\" cannot be read as a file");
    }

    @Test
    void whereNothingIsCheckedNoListIsMissed() {
        assertThat(messages(Policy.OFF)).isEmpty();
    }

    private List<String> messages(Policy policy) {
        Revocation revocation = new Revocation(
                policy,
                Source.CRL,
                WithoutSource.ALLOW,
                Duration.ofSeconds(2),
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of(pki.file("there.crl"), pki.file("gone.crl"), pki.file(".")));
        Findings findings = new Findings("listeners[0].clientAuth");
        DeviceTrust trust = new DeviceTrustReader(Pki.NOW)
                .read(new ClientAuthConfig(Mode.REQUIRE, pki.file("root.pem"), null, Naming.CN, revocation), findings);
        assertThat(trust).isNotNull();
        return findings.problems().stream().map(Problem::message).toList();
    }
}
