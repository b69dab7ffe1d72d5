package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.identity.ServerNames;
import java.io.IOException;
import java.security.Provider;
import java.security.Security;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.tls.NamedGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cryptography is there on every platform, and nobody else's is touched. */
final class CryptoProviderTest {
    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "RSA", "Ed25519"})
    void everythingWorksOnBouncyCastleAlone(String kind) throws IOException {
        Site site = new Site(kind);
        ServerNames names = ServerNames.of(List.of(site.identity()), false);
        for (Device device : List.of(Device.tls13(), Device.tls12())) {
            Handshakes handshakes = new Handshakes(
                    CryptoProvider.bouncyCastleAlone(),
                    List.of(),
                    () -> names,
                    identity -> site.chainStaples(),
                    KeyLog.open(null),
                    InstantSource.system());
            if (kind.equals("P-384")) {
                device.groups(24, 23);
            }
            assertThat(device.connect(handshakes).result()).isNotNull();
        }
    }

    @Test
    void theCheapestGroupIsPreferred() {
        boolean corretto = CryptoProvider.crypto().getHelper() instanceof ProviderChain;
        assertThat(Groups.of(CryptoProvider.crypto()).all()[0])
                .isEqualTo(corretto ? NamedGroup.secp256r1 : NamedGroup.x25519);
        assertThat(Groups.of(CryptoProvider.bouncyCastleAlone()).all()[0]).isEqualTo(NamedGroup.x25519);
    }

    @Test
    void noProviderIsInstalled() {
        assertThat(CryptoProvider.crypto()).isSameAs(CryptoProvider.crypto());
        assertThat(Security.getProviders())
                .extracting(Provider::getName)
                .doesNotContain("BC", "AmazonCorrettoCryptoProvider");
    }
}
