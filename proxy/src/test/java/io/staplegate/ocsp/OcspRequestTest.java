package io.staplegate.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Objects;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes to responders. */
class OcspRequestTest {
    /** Golden bytes: {@code openssl ocsp -no_nonce -issuer issuer.pem -cert leaf.pem -reqout}. */
    @ParameterizedTest
    @CsvSource({
        "SHA1,"
                + "304b3049304730453043300906052b0e03021a05000414"
                + "81e9db166685821850f4c5aa8d20f2e5b8136f66"
                + "0414"
                + "0c22c9e25e5eb3790b74ecc77718ff03b92b3ccf"
                + "020a008badf00d1234567890",
        "SHA256,"
                + "3067306530633061305f300d060960864801650304020105000420"
                + "0f8bef833b76a28cf6cc7d0fbd608853eb9660f53442e45b8841dce831409105"
                + "0420"
                + "cafa9fa4d1d36633ab7909d9fb22b9b8eae2d393adf3f8ec7ac49a16ac179c50"
                + "020a008badf00d1234567890"
    })
    void isByteForByteWhatOpensslMakes(CertIdHash hash, String golden) throws Exception {
        byte[] request = OcspRequest.encode(CertId.of(hash, certificate("leaf.pem"), certificate("issuer.pem")));

        assertThat(HexFormat.of().formatHex(request)).isEqualTo(golden);
    }

    @Test
    void asksAboutOneCertificateAndNothingElse() throws Exception {
        CertId id = CertId.of(CertIdHash.SHA1, certificate("leaf.pem"), certificate("issuer.pem"));
        OCSPRequest request = OCSPRequest.getInstance(OcspRequest.encode(id));

        assertThat(request.getOptionalSignature()).isNull();
        assertThat(request.getTbsRequest().getRequestList()).hasSize(1); // R10
        assertThat(request.getTbsRequest().getRequestExtensions()).isNull();
    }

    private static X509Certificate certificate(String name) throws IOException, CertificateException {
        try (InputStream in = OcspRequestTest.class.getResourceAsStream("/ocsp/" + name)) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(Objects.requireNonNull(in));
        }
    }
}
