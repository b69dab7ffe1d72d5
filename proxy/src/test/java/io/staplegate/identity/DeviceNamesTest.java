package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.ClientAuthConfig.Naming;
import io.staplegate.testing.DeviceAuthority;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device is called by its certificate. */
final class DeviceNamesTest {
    private static final DeviceAuthority ROOT = DeviceAuthority.root("Root");

    @Test
    void theFirstAlternativeNameOfItsKindCounts() {
        X509Certificate certificate = certificate(
                "CN=meter",
                new GeneralName(GeneralName.rfc822Name, "meter@example.org"),
                new GeneralName(GeneralName.dNSName, "a.example.org"),
                new GeneralName(GeneralName.uniformResourceIdentifier, "urn:dev:mac:0024befffe804ff1"),
                new GeneralName(GeneralName.dNSName, "b.example.org"),
                new GeneralName(GeneralName.uniformResourceIdentifier, "urn:other"));
        assertThat(DeviceNames.name(certificate, Naming.URI)).isEqualTo("urn:dev:mac:0024befffe804ff1");
        assertThat(DeviceNames.name(certificate, Naming.DNS)).isEqualTo("a.example.org");
        assertThat(DeviceNames.name(certificate, Naming.CN)).isEqualTo("meter");
    }

    @Test
    void aCertificateNeedNotHaveAName() {
        X509Certificate certificate = certificate("O=Example");
        for (Naming naming : Naming.values()) {
            assertThat(DeviceNames.name(certificate, naming)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"01-23-45-67-89-AB-CD-EF", "0123456789abcdef", "01:23:45:67:89:ab:cd:ef", "0123456789ABCDEF"})
    void anEui64HasOneForm(String written) {
        assertThat(DeviceNames.name(certificate("CN=" + written), Naming.EUI64)).isEqualTo("01-23-45-67-89-AB-CD-EF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123456789abcde",
                "0123456789abcdef0",
                "0123456789abcdeg",
                "0-123456789abcdef",
                "01 23 45 67 89 ab cd ef",
                "meter"
            })
    void anythingElseIsNoEui64(String written) {
        assertThat(DeviceNames.name(certificate("CN=" + written), Naming.EUI64)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"255, x, true", "256, x, false", "127, \u00e9, true", "128, \u00e9, false"})
    void aNameHasAtMost255Bytes(int characters, String character, boolean counts) {
        X509Certificate certificate = certificate("CN=" + character.repeat(characters));
        assertThat(DeviceNames.name(certificate, Naming.CN) != null).isEqualTo(counts);
    }

    @Test
    void aNameThatCouldForgeALineIsNone() {
        assertThat(DeviceNames.name(certificate("CN=meter\\0Aadmin"), Naming.CN))
                .isNull();
    }

    private static X509Certificate certificate(String subject, GeneralName... names) {
        return ROOT.device("x", draft -> {
                    draft.subject(subject);
                    if (names.length > 0) {
                        draft.with(Extension.subjectAlternativeName, false, new GeneralNames(names));
                    }
                })
                .chain()
                .getFirst();
    }
}
