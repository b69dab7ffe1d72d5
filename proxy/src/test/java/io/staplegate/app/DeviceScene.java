package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.app.MutualDevice.Protocol;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.WithoutSource;
import io.staplegate.demo.Authority;
import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.demo.StatusBook;
import io.staplegate.handshake.DeviceCredentials;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.DeviceAuthority;
import io.staplegate.testing.DeviceAuthority.Draft;
import io.staplegate.testing.DeviceAuthority.Holder;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.ListServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A whole proxy in a folder that asks devices for their certificates, on a clock that is set: a listener for each
 * policy over TLS and DTLS, each with a backend of its own; a CA of devices, with two responders and a server of lists.
 */
final class DeviceScene implements AutoCloseable {
    /** Of each answer and each list. */
    static final Duration VALIDITY = Duration.ofHours(1);

    /** For so long an answer that has ended is good where nothing newer can be had. */
    static final Duration GRACE = Duration.ofHours(1);

    /** For an answer of a responder. */
    static final Duration TIMEOUT = Duration.ofSeconds(4);

    private static final Duration NEVER = Duration.ofDays(1);
    private static final KeyPair KEYS = Authority.newKeys("EC");

    private final DeviceAuthority root = DeviceAuthority.root("Devices CA");
    private final Authority signer =
            Authority.of(root.certificate(), root.keys().getPrivate());
    private final ListServer lists = new ListServer();
    private final Map<Door.Kind, Door> doors = new LinkedHashMap<>();
    private final Path denied;
    private final StatusBook book;
    private final FaultyResponder responder;
    private final FaultyResponder mortal;
    private final DemoPki pki;
    private final Telemetry telemetry;
    private final Proxy proxy;
    private volatile Instant now = Instant.now();

    /** Starts everything. {@code budget}: of each device's check. */
    DeviceScene(Path folder, Duration budget) throws Exception {
        this(folder, budget, "");
    }

    /** The same, with a line of configuration for each DTLS listener. */
    DeviceScene(Path folder, Duration budget, String datagrams) throws Exception {
        book = new StatusBook(VALIDITY, () -> now).open(signer);
        responder = FaultyResponder.start(book);
        mortal = FaultyResponder.start(book);
        for (Protocol protocol : Protocol.values()) {
            for (Policy policy : Policy.values()) {
                for (WithoutSource whenNoSource : WithoutSource.values()) {
                    Door.Kind kind = Door.Kind.of(policy, whenNoSource, protocol);
                    if (!doors.containsKey(kind)) {
                        doors.put(kind, new Door(kind));
                    }
                }
            }
        }
        DemoDirectory directory = new DemoDirectory(folder);
        pki = directory.pki(responder.url(), now);
        Files.writeString(folder.resolve("devices.pem"), pem(root.certificate()));
        denied = Files.writeString(folder.resolve("denied.txt"), "");
        Files.writeString(directory.configuration(), yaml(budget, datagrams));
        telemetry = new Telemetry(() -> now);
        Inspection inspection = Inspection.of(directory.configuration(), Map.of(), now);
        assertThat(inspection).isInstanceOf(Inspection.Accepted.class);
        proxy = new Proxy(directory.configuration(), (Inspection.Accepted) inspection, () -> now, telemetry, NEVER);
        proxy.bind();
        proxy.serve();
    }

    private String yaml(Duration budget, String datagrams) {
        return """
                identities:
                  - name: gateway
                    certificate: chain.pem
                    key: server.key
                    stapling: "off"
                ocsp:
                  timeout: %ds
                devices:
                  denyList: denied.txt
                state:
                  directory: state
                admin:
                  bind: 127.0.0.1:0
                """.formatted(TIMEOUT.toSeconds())
                + doors.values().stream().map(Door::backendYaml).collect(Collectors.joining("", "backends:\n", ""))
                + doors.values().stream()
                        .map(door -> door.listenerYaml(budget, GRACE, datagrams))
                        .collect(Collectors.joining("", "listeners:\n", ""));
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    /** The listener where devices without a source are let in. */
    Door door(Policy policy, Protocol protocol) {
        return door(Door.Kind.of(policy, WithoutSource.ALLOW, protocol));
    }

    Door door(Door.Kind kind) {
        return Objects.requireNonNull(doors.get(kind));
    }

    /** The proxy's own certificate. */
    X509Certificate server() {
        return pki.server();
    }

    /** The CA of devices, which is trusted. */
    DeviceAuthority root() {
        return root;
    }

    /** What both responders say. */
    StatusBook book() {
        return book;
    }

    FaultyResponder responder() {
        return responder;
    }

    /** The responder that dies. */
    FaultyResponder mortal() {
        return mortal;
    }

    /** Shakes hands with a listener as a device; see {@link MutualDevice#connect}. */
    MutualDevice connect(Policy policy, Protocol protocol, Holder device) {
        return MutualDevice.connect(protocol, door(policy, protocol).port(), server(), new DeviceCredentials(device));
    }

    Instant now() {
        return now;
    }

    void move(Duration step) {
        now = now.plus(step);
    }

    /** Writes down who is kept out. */
    void deny(String lines) throws IOException {
        Files.writeString(denied, lines);
    }

    /** A device that a responder speaks of. */
    Holder device(String name, FaultyResponder asked) {
        GeneralName url = new GeneralName(
                GeneralName.uniformResourceIdentifier, asked.url().toString());
        return device(
                name,
                draft -> draft.with(
                        Extension.authorityInfoAccess,
                        false,
                        new AuthorityInformationAccess(new AccessDescription(AccessDescription.id_ad_ocsp, url))));
    }

    /** A device that a list speaks of. {@code path}: of the list. */
    Holder device(String name, String path) {
        var point = new DistributionPoint(IssuedCrl.point(lists.url(path).toString()), null, null);
        return device(
                name,
                draft -> draft.with(
                        Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {point})));
    }

    /** A device that nobody speaks of; altered. All have one key, to save time. */
    Holder device(String name, Consumer<Draft> change) {
        return root.device(name, draft -> {
            draft.keys(KEYS);
            change.accept(draft);
        });
    }

    /** An empty list of the CA, as of now. */
    IssuedCrl list() {
        return list(now);
    }

    IssuedCrl list(Instant thisUpdate) {
        return IssuedCrl.of(signer, thisUpdate, VALIDITY);
    }

    void publish(String path, IssuedCrl list) {
        lists.put(path, list.encode());
    }

    /** Where a list is that was, or is to be, published. */
    String url(String path) {
        return lists.url(path).toString();
    }

    /** The series of a metric that are a listener's, by the value of another label. */
    Counts counts(Door door, String metric, String label) {
        return Counts.of(telemetry, metric, label, "listener=\"" + door.kind().name() + "\"");
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        for (Door door : doors.values()) {
            door.close();
        }
        lists.close();
        responder.close();
        mortal.close();
    }
}
