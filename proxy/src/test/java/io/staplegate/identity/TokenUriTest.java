package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenUriTest {
    @Test
    void theExampleOfTheSampleConfigurationIsRead() {
        TokenUri uri = TokenUri.parse(
                "pkcs11:token=gateway;object=key?module-path=/usr/lib/libsofthsm2.so&pin-source=/etc/staplegate/pin");

        assertThat(uri.attribute("token")).isEqualTo("gateway");
        assertThat(uri.attribute("object")).isEqualTo("key");
        assertThat(uri.attribute("serial")).isNull();
        assertThat(uri.modulePath()).isEqualTo(Path.of("/usr/lib/libsofthsm2.so"));
        assertThat(uri.pinSource()).isEqualTo(Path.of("/etc/staplegate/pin"));
        assertThat(uri.pinValue()).isNull();
    }

    @Test
    void valuesArePercentDecodedAndAPlusIsAPlus() {
        TokenUri uri = TokenUri.parse("pkcs11:token=M%C3%BCller%3B+Co;id=%01%FF?pin-value=a%26b%2B+");

        assertThat(uri.attribute("token")).isEqualTo("Müller;+Co");
        assertThat(uri.pinValue()).isEqualTo("a&b++");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/etc/pin", "file:///etc/pin", "/etc/pin", "/etc/x/../pin"})
    void aPinSourceIsAPathOrAFileUri(String source) {
        assertThat(TokenUri.parse("pkcs11:?pin-source=" + source).pinSource()).isEqualTo(Path.of("/etc/pin"));
    }

    @Test
    void onlyThePathIsEverPrinted() {
        assertThat(TokenUri.parse("pkcs11:token=t?pin-value=1234")).hasToString("pkcs11:token=t");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    file:/etc/key                       | it does not start with "pkcs11:"
                    pkcs11:token                        | an attribute is not of the form name=value
                    pkcs11:=t                           | an attribute is not of the form name=value
                    pkcs11:token=a;token=b              | "token" is there twice
                    pkcs11:token=%4                     | "token" is not percent-encoded properly
                    pkcs11:?pin-value=1234&pin-value=%X | "pin-value" is not percent-encoded properly
                    pkcs11:?pin-source=pin              | "pin-source" is not an absolute path
                    pkcs11:?module-path=lib.so          | "module-path" is not an absolute path
                    """)
    void whatIsMalformedIsSaidWithoutThePin(String written, String complaint) {
        assertThatThrownBy(() -> TokenUri.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(complaint)
                .hasMessageNotContaining("1234");
    }
}
