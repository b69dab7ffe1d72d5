package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.Configuration;
import io.staplegate.config.FileReference;
import io.staplegate.config.IdentityConfig;
import io.staplegate.config.KeySource;
import io.staplegate.config.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes identities of the configuration's entries, and finds what is wrong with them. Safe for use by any thread. */
final class IdentityReader {
    private final boolean upstream;
    private final Instant now;
    private final CertificateFiles certificates = new CertificateFiles();
    private final Parentage parentage = new Parentage();

    IdentityReader(Configuration configuration, Instant now) {
        this.upstream = configuration.ocsp().upstream() != null;
        this.now = now;
    }

    /**
     * What came of one entry.
     *
     * @param identity null where there is any error
     */
    record Result(@Nullable Identity identity, List<Problem> problems) {}

    /** Reads the entry at a position of {@code identities}. */
    Result read(int position, IdentityConfig config) {
        Findings findings = new Findings("identities[" + position + "]");
        List<X509Certificate> chain = certificates.read(config.certificate(), "certificate", findings);
        if (!chain.isEmpty()) {
            new LeafRules(chain, findings).check();
            new ChainRules(chain, parentage, findings).check(now);
        }
        PrivateKey key = key(config, chain.isEmpty() ? null : chain.getFirst(), findings);
        List<X509Certificate> issuers = issuers(config.issuers(), findings);
        if (!chain.isEmpty()) {
            new StapleRules(config, upstream, parentage, findings).check(chain, issuers);
        }
        checkExports(config.export(), findings);
        if (findings.hasError() || key == null) {
            return new Result(null, findings.problems());
        }
        boolean inToken = config.key() instanceof KeySource.TokenKey;
        return new Result(new Identity(config, chain, issuers, key, inToken, parentage), findings.problems());
    }

    private List<X509Certificate> issuers(@Nullable FileReference file, Findings findings) {
        if (file == null) {
            return List.of();
        }
        List<X509Certificate> issuers = certificates.read(file, "issuers", findings);
        for (int i = 0; i < issuers.size(); i++) {
            if (!ChainRules.isAuthority(issuers.get(i))) {
                findings.error(
                        "issuers",
                        Findings.describe(issuers, i) + " of " + quote(file) + " is no CA certificate",
                        "only CA certificates belong here; the identity's own go under \"certificate\"");
            }
        }
        return issuers;
    }

    private @Nullable PrivateKey key(IdentityConfig config, @Nullable X509Certificate leaf, Findings findings) {
        return switch (config.key()) {
            case KeySource.PemKey(FileReference file) -> {
                PrivateKey key = new KeyFile(file, config.keyPassword(), findings).read();
                if (key != null && leaf != null && !Signatures.belongTogether(key, leaf.getPublicKey())) {
                    findings.error("key", quote(file) + " does not match the certificate (public keys differ)", null);
                }
                yield key;
            }
            case KeySource.TokenKey(String written) -> tokenKey(written, leaf, findings);
        };
    }

    private static @Nullable PrivateKey tokenKey(String written, @Nullable X509Certificate leaf, Findings findings) {
        try {
            TokenUri uri = TokenUri.parse(written);
            return leaf == null ? null : new TokenKeys(uri, findings).find(leaf);
        } catch (IllegalArgumentException e) {
            findings.error(
                    "key",
                    "PKCS#11 URI is malformed: " + e.getMessage(),
                    "write pkcs11:token=TOKEN;object=LABEL?module-path=LIBRARY&pin-source=FILE");
            return null;
        }
    }

    private static void checkExports(List<FileReference> exports, Findings findings) {
        for (int i = 0; i < exports.size(); i++) {
            FileReference file = exports.get(i);
            Path folder = file.path().toAbsolutePath().getParent();
            String key = "export[" + i + "]";
            if (Files.isDirectory(file.path())) {
                findings.error(key, quote(file) + " is a directory", "name a file in it");
            } else if (folder == null || !Files.isDirectory(folder)) {
                findings.error(key, "the folder of " + quote(file) + " does not exist", "create the folder");
            } else if (!Files.isWritable(folder)) {
                findings.error(
                        key,
                        "the folder of " + quote(file) + " cannot be written to",
                        "the file is replaced by renaming: let the user that runs Staplegate write to its folder");
            }
        }
    }
}
