package io.staplegate.ocsp;

import static io.staplegate.ocsp.Scene.NOW;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.demo.OcspReply;
import io.staplegate.testing.ResponseVariant;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device on the JDK that insists on a staple for each certificate accepts dressed ones (R55). */
class JdkDeviceTest {
    private static final Scene SCENE = Scene.create();
    private static final X509Certificate ROOT = SCENE.root().certificate();
    private static final X509Certificate INTERMEDIATE = SCENE.issuer().certificate();
    private static final List<X509Certificate> SENT = List.of(SCENE.leaf(), INTERMEDIATE);

    @ParameterizedTest
    @EnumSource(names = {"HONEST", "BY_NAME", "DELEGATED"})
    void acceptsDressedStaples(ResponseVariant variant) {
        assertThatCode(() -> validate(variant)).doesNotThrowAnyException();
    }

    @Test
    void insistsOnThem() {
        assertThatThrownBy(() -> validate(ResponseVariant.STALE)).isInstanceOf(CertPathValidatorException.class);
        assertThatThrownBy(() -> validate(ResponseVariant.REVOKED)).isInstanceOf(CertPathValidatorException.class);
    }

    private static void validate(ResponseVariant ofTheLeaf) throws GeneralSecurityException {
        var aboutIntermediate = OcspReply.certId(INTERMEDIATE, ROOT, false);
        OcspReply honest = OcspReply.good(aboutIntermediate, SCENE.root(), NOW, Scene.VALIDITY);
        Map<X509Certificate, byte[]> staples = Map.of(
                SCENE.leaf(),
                Dressing.dress(ofTheLeaf.of(SCENE.honest()), INTERMEDIATE, SENT),
                INTERMEDIATE,
                Dressing.dress(honest.encode(), ROOT, SENT));

        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.NO_FALLBACK));
        checker.setOcspResponses(staples);
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ROOT, null)));
        parameters.addCertPathChecker(checker);
        parameters.setDate(Date.from(NOW));
        validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(SENT), parameters);
    }
}
