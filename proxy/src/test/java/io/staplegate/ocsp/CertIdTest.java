package io.staplegate.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.OcspReply;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The name of a certificate at a responder. */
class CertIdTest {
    private static final Scene SCENE = Scene.create();

    @ParameterizedTest
    @EnumSource
    void isTheOneThatOtherImplementationsMake(CertIdHash hash) {
        X509Certificate issuer = SCENE.issuer().certificate();
        var theirs = OcspReply.certId(SCENE.leaf(), issuer, hash == CertIdHash.SHA256);

        assertThat(CertId.of(hash, SCENE.leaf(), issuer).structure()).isEqualTo(theirs.toASN1Primitive());
    }

    @ParameterizedTest
    @EnumSource
    void differsInEveryPart(CertIdHash hash) {
        X509Certificate leaf = SCENE.leaf();
        X509Certificate issuer = SCENE.issuer().certificate();
        X509Certificate root = SCENE.root().certificate();
        CertIdHash other = hash == CertIdHash.SHA1 ? CertIdHash.SHA256 : CertIdHash.SHA1;
        List<CertId> all = new ArrayList<>(List.of(
                CertId.of(hash, leaf, issuer),
                CertId.of(other, leaf, issuer),
                CertId.of(hash, leaf, root),
                CertId.of(hash, SCENE.withAnotherLeaf().leaf(), issuer),
                CertId.of(hash, issuer, issuer)));

        assertThat(all).doesNotHaveDuplicates();
        assertThat(all)
                .extracting(CertId::fileName)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[0-9a-f]{64}"));
    }

    @ParameterizedTest
    @EnumSource
    void isEqualToItself(CertIdHash hash) {
        CertId one = CertId.of(hash, SCENE.leaf(), SCENE.issuer().certificate());
        CertId same = CertId.of(hash, SCENE.leaf(), SCENE.issuer().certificate());

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(one.fileName()).isEqualTo(same.fileName());
    }
}
