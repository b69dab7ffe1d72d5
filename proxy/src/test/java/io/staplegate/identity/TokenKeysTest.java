package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.IdentityConfig;
import io.staplegate.config.KeySource;
import io.staplegate.config.Problem;
import io.staplegate.demo.Authority;
import io.staplegate.identity.IdentityTable.Loading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys in SoftHSM, as an operator would put them there. */
class TokenKeysTest {
    private Pki pki = new Pki(Path.of(""));

    @BeforeEach
    void prepare(@TempDir Path folder) {
        pki = new Pki(folder);
    }

    @ParameterizedTest
    @CsvSource({"EC, 01, SHA256withECDSA", "P-384, 02, SHA384withECDSA", "RSA, 03, SHA256withRSA", "RSA, 04, RSASSA-PSS"
    })
    void aKeyInATokenSigns(String kind, String id, String algorithm) throws Exception {
        SoftHsm token = SoftHsm.token();
        KeyPair keys = Authority.newKeys(kind);
        X509Certificate leaf = serve("signs-" + id, keys);
        token.importKey(keys, "signs-" + id, id);
        token.importCertificate(leaf, "signs-" + id, id);

        Identity identity = load(token.uri("signs-" + id));

        assertThat(identity.keyInToken()).isTrue();
        assertThat(identity.key().getEncoded()).as("the key stays in the token").isNull();
        assertThat(verifies(identity.key(), leaf, algorithm)).isTrue();
    }

    @Test
    void theKeyIsFoundByTheLeafWhereTheUriNamesTheTokenOnly() throws Exception {
        SoftHsm token = SoftHsm.token();
        KeyPair keys = Authority.newKeys("EC");
        X509Certificate leaf = serve("anonymous", keys);
        token.importKey(keys, "anonymous", "0a");
        token.importCertificate(leaf, "anonymous", "0a");

        Identity identity = load(token.uri("anonymous").replace(";object=anonymous", ";id=%0a;type=private"));

        assertThat(verifies(identity.key(), leaf, "SHA256withECDSA")).isTrue();
    }

    @Test
    void aRenewedCertificateFindsTheKeyThatItHasAlways() throws Exception {
        SoftHsm token = SoftHsm.token();
        KeyPair keys = Authority.newKeys("EC");
        token.importKey(keys, "renewed", "0b");
        token.importCertificate(serve("renewed", keys), "renewed", "0b");

        X509Certificate renewed = serve("renewed", keys);

        assertThat(verifies(load(token.uri("renewed")).key(), renewed, "SHA256withECDSA"))
                .isTrue();
    }

    @Test
    void reloadingAddsNoProvider() throws Exception {
        SoftHsm token = SoftHsm.token();
        KeyPair keys = Authority.newKeys("EC");
        X509Certificate leaf = serve("reloaded", keys);
        token.importKey(keys, "reloaded", "0c");
        token.importCertificate(leaf, "reloaded", "0c");
        PrivateKey first = load(token.uri("reloaded")).key();
        int providers = Security.getProviders().length;

        for (int i = 0; i < 5; i++) {
            load(token.uri("reloaded"));
        }

        assertThat(Security.getProviders()).hasSize(providers);
        assertThat(verifies(first, leaf, "SHA256withECDSA"))
                .as("sessions of the old table go on signing")
                .isTrue();
    }

    @Test
    void aPinIsReadFromItsFileWhichIsWatched() throws Exception {
        SoftHsm token = SoftHsm.token();
        KeyPair keys = Authority.newKeys("EC");
        X509Certificate leaf = serve("pin-file", keys);
        token.importKey(keys, "pin-file", "0d");
        token.importCertificate(leaf, "pin-file", "0d");
        pki.writeSecret("pin", SoftHsm.PIN + "\n");
        Path pin = pki.folder.resolve("pin");

        Loading loading = loading(token.uri("pin-file").replace("pin-value=1234", "pin-source=file:" + pin));

        assertThat(loading.problems()).isEmpty();
        assertThat(Objects.requireNonNull(loading.table()).files()).contains(pin);
    }

    @Test
    void aKeyWithoutACertificateObjectIsNotShownByTheJdk() throws Exception {
        SoftHsm token = SoftHsm.token();
        KeyPair keys = Authority.newKeys("EC");
        serve("lonely", keys);
        token.importKey(keys, "lonely", "0e");

        assertThat(problem(token.uri("lonely")))
                .isEqualTo(Problem.error(
                        "identities[0].key",
                        "\"pkcs11:token=staplegate%20test;object=lonely\" names no key that the token shows",
                        "a key shows only beside a certificate object with its id: write one with pkcs11-tool"
                                + " --write-object leaf.der --type cert --id ID --label LABEL"));
    }

    @Test
    void anotherKeyThanTheLeafsIsAnError() throws Exception {
        SoftHsm token = SoftHsm.token();
        KeyPair keys = Authority.newKeys("EC");
        token.importKey(keys, "other", "0f");
        token.importCertificate(serve("other", keys), "other", "0f");
        serve("other", Authority.newKeys("EC"));

        assertThat(problem(token.uri("other")).message())
                .isEqualTo("\"pkcs11:token=staplegate%20test;object=other\""
                        + " does not match the certificate (public keys differ)");
    }

    @Test
    void aUriThatNamesNoTokenOrSeveralIsAnErrorThatNamesTheOnesThereAre() throws Exception {
        SoftHsm token = SoftHsm.token();
        serve("any", Authority.newKeys("EC"));

        Problem none = problem(token.uri("any").replace("staplegate%20test", "nothing"));
        Problem several = problem(token.uri("any").replace("token=staplegate%20test;", ""));

        assertThat(none.message()).isEqualTo("\"pkcs11:token=nothing;object=any\" names no token");
        assertThat(several.message()).isEqualTo("\"pkcs11:object=any\" names 2 tokens");
        assertThat(several.hint()).startsWith("the module has ").contains("\"staplegate test\"", "\"empty\"");
    }

    @Test
    void aWrongPinIsAnErrorThatDoesNotRepeatIt() throws Exception {
        SoftHsm token = SoftHsm.token();
        serve("any", Authority.newKeys("EC"));
        String uri = token.uri("any").replace("staplegate%20test", SoftHsm.EMPTY_TOKEN);

        assertThat(problem(uri.replace(SoftHsm.PIN, "9876")))
                .isEqualTo(Problem.error(
                        "identities[0].key", "token \"empty\" refuses the PIN", "too many wrong PINs lock a token"));
    }

    @Test
    void aLibraryThatIsNoPkcs11ModuleIsAnError() throws Exception {
        serve("any", Authority.newKeys("EC"));
        Path library = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("java"));

        assertThat(problem("pkcs11:token=t?pin-value=1&module-path=" + library).message())
                .contains("cannot be used (the library has no C_GetFunctionList)");
        assertThat(problem("pkcs11:token=t?pin-value=1&module-path=/missing.so").message())
                .isEqualTo("module \"/missing.so\" does not exist");
    }

    private X509Certificate serve(String name, KeyPair keys) {
        X509Certificate leaf = pki.issue(Pki.server(name + ".example"), keys);
        pki.write("root.pem", pki.root.certificate());
        pki.write("token.pem", leaf, pki.intermediate.certificate());
        return leaf;
    }

    private Identity load(String uri) {
        Loading loading = loading(uri);
        assertThat(loading.problems()).isEmpty();
        return Objects.requireNonNull(loading.table()).identities().getFirst();
    }

    private Problem problem(String uri) {
        List<Problem> problems = new ArrayList<>(loading(uri).problems());
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }

    private Loading loading(String uri) {
        IdentityConfig files = pki.config("gateway", "token.pem", "unused");
        IdentityConfig config = new IdentityConfig(
                files.name(),
                files.certificate(),
                new KeySource.TokenKey(uri),
                null,
                files.issuers(),
                files.stapling(),
                files.statusScope(),
                files.onRevoked(),
                files.responders(),
                files.export());
        return IdentityTable.load(Pki.configuration(config), Pki.NOW);
    }

    private static boolean verifies(PrivateKey key, X509Certificate leaf, String algorithm) throws Exception {
        byte[] text = "transcript".getBytes(StandardCharsets.UTF_8);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        if (algorithm.equals("RSASSA-PSS")) {
            signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signer.update(text);
        byte[] signature = signer.sign();
        signer = Signature.getInstance(algorithm);
        if (algorithm.equals("RSASSA-PSS")) {
            signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signer.initVerify(leaf);
        signer.update(text);
        return signer.verify(signature);
    }
}
