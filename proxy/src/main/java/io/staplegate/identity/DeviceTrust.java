package io.staplegate.identity;

import io.staplegate.config.ClientAuthConfig;
import io.staplegate.config.ClientAuthConfig.Mode;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.telemetry.PathFault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Which devices one listener believes: those to whose certificates a path leads from its trust anchors (RFC 5280 §6,
 * found and validated by the JDK). Immutable; safe for use by any thread.
 */
public final class DeviceTrust {
    /** Certificates below the trust anchor, the device's own included. */
    static final int LONGEST_PATH = 5;

    private static final int MOST_SENT = 10;
    private static final int MOST_BYTES_SENT = 64 * 1024;

    /** What the names of CAs may take of every handshake, in bytes: links are paid by the byte. */
    private static final int MOST_BYTES_OF_NAMES = 1024;

    private final ClientAuthConfig config;
    private final List<X509Certificate> anchors;
    private final List<X509Certificate> intermediates;
    private final Map<X509Certificate, X509Certificate> shared = new HashMap<>();
    private final CertStore store;
    private final byte[] generation;

    private DeviceTrust(ClientAuthConfig config, List<X509Certificate> anchors, List<X509Certificate> intermediates) {
        this.config = config;
        this.anchors = List.copyOf(anchors);
        this.intermediates = List.copyOf(intermediates);
        Stream.concat(anchors.stream(), intermediates.stream())
                .forEach(certificate -> shared.putIfAbsent(certificate, certificate));
        this.store = store(intermediates);
        this.generation = digest();
    }

    /**
     * Trust in CA certificates that have been read.
     *
     * @param anchors what {@code trustAnchors} has
     * @param intermediates what {@code intermediates} has
     */
    public static DeviceTrust of(
            ClientAuthConfig config, List<X509Certificate> anchors, List<X509Certificate> intermediates) {
        return new DeviceTrust(config, anchors, intermediates);
    }

    /** Whether a device without a certificate is refused. */
    public boolean isRequired() {
        return config.mode() == Mode.REQUIRE;
    }

    /** Whether a device's own staple would be looked at. */
    public boolean wantsStaple() {
        return config.revocation().policy() != Policy.OFF;
    }

    /**
     * The names of the CAs that devices have their certificates from, the anchors' first, for them to choose by. Empty,
     * which leaves the choice to them, where all of these would take more than 1 KiB: a part of them would keep out the
     * devices of the others.
     */
    public List<X500Principal> authorities() {
        Set<X500Principal> names = Stream.concat(anchors.stream(), intermediates.stream())
                .map(X509Certificate::getSubjectX500Principal)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        int bytes =
                names.stream().mapToInt(name -> name.getEncoded().length + 2).sum();
        return bytes > MOST_BYTES_OF_NAMES ? List.of() : List.copyOf(names);
    }

    /** Trust anchors and intermediates, the anchors first. */
    List<X509Certificate> authorityCertificates() {
        return Stream.concat(anchors.stream(), intermediates.stream()).toList();
    }

    /** SHA-256 of everything that decides whether a device is believed, and what it is called. */
    public byte[] generation() {
        return generation.clone();
    }

    /**
     * Finds and validates the path to a device's certificate. Blocks for as long as some signatures take.
     *
     * @param sent what the device sent: its own certificate first, the others in any order
     * @param at the moment at which all of them must be valid
     * @throws InvalidPathException where there is no valid path
     */
    public DevicePath validate(List<X509Certificate> sent, Instant at) throws InvalidPathException {
        refuseFlood(sent);
        X509Certificate leaf = sent.getFirst();
        PKIXCertPathBuilderResult built = build(sent, at);
        if (built == null) {
            throw new PathDiagnosis(anchors, intermediates, sent).at(at);
        }
        List<X509Certificate> path = new ArrayList<>();
        built.getCertPath().getCertificates().forEach(certificate -> path.add(share((X509Certificate) certificate)));
        X509Certificate anchor = built.getTrustAnchor().getTrustedCert();
        if (path.size() > LONGEST_PATH) { // the JDK does not count the self-issued
            throw new InvalidPathException(PathFault.PATH_TOO_LONG, path.size() + " certificates below the anchor");
        }
        AnchorRules.check(anchor, path);
        path.add(anchor);
        return new DevicePath(path, DeviceNames.name(leaf, config.identity()));
    }

    private static void refuseFlood(List<X509Certificate> sent) throws InvalidPathException {
        long bytes = sent.stream()
                .mapToLong(certificate -> encoded(certificate).length)
                .sum();
        if (sent.size() > MOST_SENT || bytes > MOST_BYTES_SENT) {
            throw new InvalidPathException(
                    PathFault.PATH_TOO_LONG, sent.size() + " certificates of " + bytes + " bytes were sent");
        }
    }

    /** Null where there is no valid path. */
    private @Nullable PKIXCertPathBuilderResult build(List<X509Certificate> sent, Instant at) {
        Set<TrustAnchor> valid = anchors.stream()
                .filter(anchor -> PathDiagnosis.fault(anchor, at) == null)
                .map(anchor -> new TrustAnchor(anchor, null))
                .collect(Collectors.toSet());
        if (valid.isEmpty()) {
            return null;
        }
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(valid, LeafUsage.of(sent.getFirst()));
            parameters.setRevocationEnabled(false); // judged behind the handshake, which must not wait for it
            parameters.setDate(Date.from(at));
            parameters.setMaxPathLength(LONGEST_PATH - 1);
            parameters.addCertStore(store(sent));
            parameters.addCertStore(store);
            parameters.addCertPathChecker(new PathRules());
            return (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (CertPathBuilderException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java builds paths", e);
        }
    }

    private static CertStore store(List<X509Certificate> certificates) {
        try {
            return CertStore.getInstance("Collection", new CollectionCertStoreParameters(certificates));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has stores of certificates", e);
        }
    }

    /** The object that all devices have in common, where there is one. */
    private X509Certificate share(X509Certificate certificate) {
        return shared.getOrDefault(certificate, certificate);
    }

    private byte[] digest() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            String settings = config.mode() + " " + config.identity() + " " + anchors.size();
            sha256.update(settings.getBytes(StandardCharsets.UTF_8));
            for (X509Certificate certificate : anchors) {
                update(sha256, certificate);
            }
            for (X509Certificate certificate : intermediates) {
                update(sha256, certificate);
            }
            return sha256.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, X509Certificate certificate) {
        byte[] encoded = encoded(certificate);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(encoded.length).flip());
        digest.update(encoded);
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed has bytes: " + certificate, e);
        }
    }
}
