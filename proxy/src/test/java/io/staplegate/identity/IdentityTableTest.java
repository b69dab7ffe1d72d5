package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.staplegate.config.Configuration;
import io.staplegate.config.FileReference;
import io.staplegate.config.IdentityConfig;
import io.staplegate.config.Problem;
import io.staplegate.demo.Authority;
import io.staplegate.identity.IdentityTable.Loading;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the mistakes of {@code config/invalid} do not show: what loads, and what depends on the machine. */
class IdentityTableTest {
    private static final KeyPair EC = Authority.newKeys("EC");
    private static final KeyPair RSA = Authority.newKeys("RSA");

    private Pki pki = new Pki(Path.of(""));

    @BeforeEach
    void prepare(@TempDir Path folder) {
        pki = new Pki(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "RSA", "Ed25519"})
    void everyKindOfKeyLoads(String kind) {
        KeyPair keys = Authority.newKeys(kind);
        IdentityConfig config = pki.identity("gateway", keys, Pki.server("gateway.example"));

        Identity identity = load(Pki.configuration(config)).identities().getFirst();

        assertThat(identity.config()).isSameAs(config);
        assertThat(identity.chain()).hasSize(2).last().isEqualTo(pki.intermediate.certificate());
        assertThat(identity.issuerOf(1)).isEqualTo(pki.root.certificate());
        assertThat(identity.key()).isEqualTo(keys.getPrivate());
        assertThat(identity.keyInToken()).isFalse();
    }

    @Test
    void certificatesAndKeyMayShareAFile() {
        pki.write("root.pem", pki.root.certificate());
        X509Certificate leaf = pki.issue(Pki.server("gateway.example"), EC);
        pki.writeSecret("all.pem", Pki.pem(leaf, EC.getPrivate(), pki.intermediate.certificate()));

        IdentityTable table = load(Pki.configuration(pki.config("gateway", "all.pem", "all.pem")));

        assertThat(table.identities().getFirst().chain()).containsExactly(leaf, pki.intermediate.certificate());
        assertThat(table.files()).containsExactlyInAnyOrder(path("all.pem"), path("root.pem"));
    }

    @Test
    void textBetweenTheBlocksIsSkipped() {
        IdentityConfig config = pki.identity("gateway", EC, Pki.server("gateway.example"));
        pki.writeText("root.pem", "Bag Attributes\r\n  name: x\r\n" + Pki.pem(pki.root.certificate()) + "\n# end");

        assertThat(load(Pki.configuration(config)).identities()).hasSize(1);
    }

    @Test
    void aByteOrderMarkDoesNotHideTheFirstCertificate() throws IOException {
        IdentityConfig config = pki.identity("gateway", EC, Pki.server("gateway.example"));
        pki.writeText("gateway.pem", "\uFEFF" + Files.readString(path("gateway.pem")));

        assertThat(load(Pki.configuration(config)).identities().getFirst().chain())
                .hasSize(2);
    }

    @Test
    void aSelfSignedLeafIsServedWithoutAStaple() {
        Authority self = Authority.root("gateway", Pki.START, Pki.LIFETIME);
        pki.write("self.pem", self.certificate());
        pki.write("root.pem", pki.root.certificate());
        pki.writeSecret("self.key", Pki.pem(self.keys().getPrivate()));

        Loading loading = IdentityTable.load(Pki.configuration(pki.config("self", "self.pem", "self.key")), Pki.NOW);

        Identity identity = Objects.requireNonNull(loading.table()).identities().getFirst();
        assertThat(identity.issuerOf(0)).isNull();
        assertThat(loading.problems()).noneMatch(Problem::isError);
    }

    @Test
    void listenersHaveNamesOfTheirOwn() {
        IdentityConfig first = pki.identity("first", EC, Pki.server("a.example"));
        IdentityConfig second = pki.identity("second", EC, Pki.server("a.example"));
        IdentityConfig third = pki.identity("third", RSA, Pki.server("a.example"));
        Configuration configuration = Pki.configuration(
                List.of(first, second, third),
                List.of(Pki.listener("one", false, "first", "third"), Pki.listener("two", true, "second")),
                null);

        IdentityTable table = load(configuration);

        assertThat(table.names("one").matching("a.example"))
                .extracting(Identity::name)
                .containsExactly("first", "third");
        assertThat(table.names("two").matching("A.EXAMPLE"))
                .extracting(Identity::name)
                .containsExactly("second");
        assertThat(table.names("two").matching("b.example")).isEmpty();
        assertThatThrownBy(() -> table.names("three")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thousandsOfIdentitiesShareTheirIntermediatesAndComeInOrder() {
        List<IdentityConfig> configs = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            configs.add(pki.identity("gateway" + i, EC, Pki.server("gateway" + i + ".example")));
            names.add("gateway" + i);
        }
        Configuration configuration =
                Pki.configuration(configs, List.of(Pki.listener("one", true, names.toArray(String[]::new))), null);

        IdentityTable table = load(configuration);

        Identity first = table.identities().getFirst();
        assertThat(table.identities()).extracting(Identity::name).isEqualTo(names);
        assertThat(table.identities()).allSatisfy(identity -> {
            assertThat(identity.chain().get(1)).isSameAs(first.chain().get(1));
            assertThat(identity.issuerOf(1)).isSameAs(first.issuerOf(1));
            assertThat(table.names("one").matching(identity.name() + ".example"))
                    .containsExactly(identity);
        });
    }

    @Test
    void aSecondListenerWithTheSameNamesIsNoConflict() {
        IdentityConfig config = pki.identity("gateway", EC, Pki.server("a.example"));
        Configuration configuration = Pki.configuration(
                List.of(config),
                List.of(Pki.listener("one", false, "gateway"), Pki.listener("two", false, "gateway")),
                null);

        assertThat(load(configuration).identities()).hasSize(1);
    }

    @Test
    void anUpstreamStaplegateStandsInForAResponder() {
        IdentityConfig config =
                pki.identity("gateway", EC, Pki.server("a.example").mustStaple().responders());

        Loading alone = IdentityTable.load(Pki.configuration(config), Pki.NOW);
        Loading below = IdentityTable.load(
                Pki.configuration(List.of(config), List.of(), URI.create("http://upstream.example")), Pki.NOW);

        assertThat(alone.problems()).filteredOn(Problem::isError).hasSize(1);
        assertThat(below.problems()).noneMatch(Problem::isError);
    }

    @Test
    void aChainThroughACertificateThatIsNoAuthorityIsAnError() throws Exception {
        pki.identity("gateway", EC, Pki.server("a.example"));
        X509Certificate server = pki.issue(Pki.server("b.example"), RSA);
        pki.write("gateway.pem", issuedBy(server), server, pki.intermediate.certificate());

        assertThat(messages(pki.config("gateway", "gateway.pem", "gateway.key")))
                .contains("certificate 2 (\"CN=gateway\") is no CA certificate, and issued certificate 1");
    }

    /** What no {@link Authority} does. */
    private static X509Certificate issuedBy(X509Certificate server) throws Exception {
        var builder = new JcaX509v3CertificateBuilder(
                server.getSubjectX500Principal(),
                BigInteger.TWO,
                Date.from(Pki.START),
                Date.from(Pki.NOW.plus(Pki.LIFETIME)),
                new X500Principal("CN=below"),
                EC.getPublic());
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(RSA.getPrivate())));
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws IOException {
        IdentityConfig config = pki.identity("gateway", EC, Pki.server("a.example"));
        Files.write(path("gateway.pem"), new byte[TextFile.MAX_BYTES + 1]);

        assertThat(messages(config)).containsExactly("\"gateway.pem\" cannot be read (it is larger than 1 MiB)");
    }

    @Test
    void aFileWithoutPermissionIsNamed() throws IOException {
        IdentityConfig config = pki.identity("gateway", EC, Pki.server("a.example"));
        Files.setPosixFilePermissions(path("gateway.key"), PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(path("gateway.key")))
                .as("root may read all")
                .isFalse();

        assertThat(messages(config)).containsExactly("\"gateway.key\" cannot be read (permission denied)");
    }

    @Test
    void anExportFolderWithoutPermissionIsNamed() throws IOException {
        IdentityConfig config = pki.identity("gateway", EC, Pki.server("a.example"));
        Path locked = Files.createDirectory(path("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-x------"));
        assumeThat(Files.isWritable(locked)).as("root may write all").isFalse();

        assertThat(messages(exporting(config, "locked/gateway.ocsp")))
                .containsExactly("the folder of \"locked/gateway.ocsp\" cannot be written to");
    }

    @Test
    void anExportIntoAnExistingFolderIsFine() {
        IdentityConfig config = pki.identity("gateway", EC, Pki.server("a.example"));

        assertThat(messages(exporting(config, "gateway.ocsp"))).isEmpty();
    }

    private IdentityConfig exporting(IdentityConfig config, String file) {
        return new IdentityConfig(
                config.name(),
                config.certificate(),
                config.key(),
                config.keyPassword(),
                config.issuers(),
                config.stapling(),
                config.statusScope(),
                config.onRevoked(),
                config.responders(),
                List.of(new FileReference(file, path(file))));
    }

    private Path path(String name) {
        return pki.folder.resolve(name);
    }

    private static IdentityTable load(Configuration configuration) {
        Loading loading = IdentityTable.load(configuration, Pki.NOW);
        assertThat(loading.problems()).isEmpty();
        return Objects.requireNonNull(loading.table());
    }

    private static List<String> messages(IdentityConfig config) {
        return IdentityTable.load(Pki.configuration(config), Pki.NOW).problems().stream()
                .map(Problem::message)
                .toList();
    }
}
