package io.staplegate.loadtest.revoke;

import io.staplegate.demo.Responder;
import io.staplegate.demo.TcpBackend;
import io.staplegate.demo.UdpBackend;
import io.staplegate.loadtest.device.DeviceCertificates;
import io.staplegate.loadtest.revoke.RevokeReport.Row;
import io.staplegate.loadtest.revoke.RevokeReport.Source;
import io.staplegate.loadtest.revoke.Visit.Protocol;
import io.staplegate.loadtest.server.PemFile;
import io.staplegate.loadtest.server.ProxyProcess;
import io.staplegate.loadtest.site.Sites;
import io.staplegate.probe.ClientCertificate;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Devices that are in are revoked, and cut off. Happens once. */
public final class RevokeCourse implements AutoCloseable {
    /** Beyond the validity of what spoke for a device, for which it is waited for its end. */
    private static final Duration OVERTIME = Duration.ofMinutes(1);

    private static final List<Protocol> PROTOCOLS = List.of(Protocol.values());

    private final Duration validity;
    private final Path folder;
    private final Authorities authorities;
    private final Responder responder;
    private final TcpBackend streams;
    private final UdpBackend datagrams;
    private final DeviceCertificates byOcsp;
    private final DeviceCertificates byList;

    /**
     * Issues the certificates.
     *
     * @param validity of OCSP answers and lists
     * @param folder for files, the proxy's own among them
     */
    public RevokeCourse(Duration validity, Path folder) throws IOException {
        InstantSource clock = InstantSource.system();
        this.validity = validity;
        this.folder = folder;
        this.authorities = new Authorities(validity, clock);
        this.streams = TcpBackend.start(0);
        this.datagrams = UdpBackend.start(0);
        this.responder = Responder.start(0, authorities);
        Sites.issue(folder, 1, clock.instant(), List.of());
        this.byOcsp =
                DeviceCertificates.issue("CA with a responder", 2 * PROTOCOLS.size(), clock.instant(), responder.url());
        this.byList = DeviceCertificates.issue("CA with a list", PROTOCOLS.size(), clock.instant());
        authorities.open(byOcsp, byList);
        PemFile.write(
                folder.resolve("devices.pem"),
                byOcsp.authority().certificate(),
                byList.authority().certificate());
        Files.writeString(folder.resolve("deny.list"), "");
        Files.writeString(folder.resolve("staplegate.yaml"), configuration(responder.url()));
    }

    /** A device that is in. */
    private record Guest(Source source, Protocol protocol, int number, ClientCertificate certificate, Visit visit) {
        X509Certificate leaf() {
            return certificate.chain().getFirst();
        }
    }

    /** How a device's session ended. {@code at}: {@link System#nanoTime}. */
    private record Ending(String how, long at) {}

    /** Lets it happen. */
    public RevokeReport happen() throws IOException, InterruptedException {
        Path configuration = folder.resolve("staplegate.yaml");
        try (ProxyProcess proxy = ProxyProcess.start(configuration, folder.resolve("proxy.log"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Guest> guests = new ArrayList<>();
            for (Source source : Source.values()) {
                for (Protocol protocol : PROTOCOLS) {
                    guests.add(come(source, protocol, guests.size(), proxy));
                }
            }
            List<Future<Ending>> endings = guests.stream()
                    .map(guest -> threads.submit((Callable<Ending>) () -> stay(guest.visit)))
                    .toList();
            long revoked = System.nanoTime();
            revokeAll(guests);
            List<Row> rows = new ArrayList<>();
            for (Guest guest : guests) {
                Ending ending = endings.get(guest.number).get();
                rows.add(row(guest, revoked, ending, comeAgain(guest, proxy)));
            }
            return new RevokeReport(validity.toNanos() / 1e9, rows);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a device broke", e.getCause());
        }
    }

    private Guest come(Source source, Protocol protocol, int number, ProxyProcess proxy) throws IOException {
        ClientCertificate certificate = certificate(source, protocol);
        Visit visit = Visit.begin(protocol, number, certificate, proxy);
        visit.greet();
        return new Guest(source, protocol, number, certificate, visit);
    }

    /** The operator denies devices of the CA that has a responder, which goes on to say that they are good. */
    private ClientCertificate certificate(Source source, Protocol protocol) {
        int position = PROTOCOLS.indexOf(protocol);
        return switch (source) {
            case OCSP -> byOcsp.of(position);
            case DENY_LIST -> byOcsp.of(PROTOCOLS.size() + position);
            case LIST -> byList.of(position);
        };
    }

    private void revokeAll(List<Guest> guests) throws IOException {
        authorities.list(certificates(Source.LIST, guests));
        certificates(Source.OCSP, guests).forEach(authorities::revoke);
        StringBuilder lines = new StringBuilder();
        for (X509Certificate device : certificates(Source.DENY_LIST, guests)) {
            lines.append("serial:").append(device.getSerialNumber().toString(16));
            lines.append(" issuer:").append(device.getIssuerX500Principal().getName());
            lines.append('\n');
        }
        Files.writeString(folder.resolve("deny.list"), lines);
    }

    private static List<X509Certificate> certificates(Source source, List<Guest> guests) {
        return guests.stream()
                .filter(guest -> guest.source == source)
                .map(Guest::leaf)
                .toList();
    }

    /** Until the end of the session, or until nobody believes in it any more. */
    private Ending stay(Visit visit) {
        try (visit) {
            visit.listen(validity.plus(OVERTIME));
            return new Ending("heard something", System.nanoTime());
        } catch (SocketTimeoutException e) {
            return new Ending("still in", System.nanoTime());
        } catch (IOException e) {
            return new Ending(Visit.ending(e), System.nanoTime());
        }
    }

    private String comeAgain(Guest guest, ProxyProcess proxy) {
        try (Visit visit = Visit.begin(guest.protocol, guest.number, guest.certificate, proxy)) {
            visit.greet();
            return "in";
        } catch (IOException e) {
            return Visit.ending(e);
        }
    }

    private Row row(Guest guest, long revoked, Ending ending, String again) {
        @Nullable
        Long told = switch (guest.source) {
            case OCSP -> authorities.toldOf(guest.leaf());
            case LIST -> authorities.listTold();
            case DENY_LIST -> Long.valueOf(revoked);
        };
        return new Row(
                guest.source,
                guest.protocol.label(),
                ending.how,
                (ending.at - revoked) / 1e9,
                told == null ? null : (ending.at - told) / 1e9,
                again);
    }

    private String configuration(URI authority) {
        String clientAuth = """
                    clientAuth:
                      trustAnchors: devices.pem
                      revocation: { policy: hard, crls: ["%s"] }
                """.formatted(authority.resolve(Authorities.LIST));
        return """
                identities:
                  - { name: site, certificate: site-00000.pem, key: site.key, issuers: root.pem, stapling: off }
                backends:
                  - { name: streams, address: "127.0.0.1:%d" }
                  - { name: datagrams, address: "127.0.0.1:%d", transport: udp }
                devices: { denyList: deny.list }
                state: { directory: state }
                admin: { bind: "127.0.0.1:0" }
                listeners:
                  - name: dtls
                    bind: "127.0.0.1:0"
                    protocol: dtls
                    identities: [site]
                    backend: datagrams
                %s  - name: tls
                    bind: "127.0.0.1:0"
                    identities: [site]
                    backend: streams
                %s""".formatted(streams.address().getPort(), datagrams.address().getPort(), clientAuth, clientAuth);
    }

    @Override
    public void close() throws IOException {
        responder.close();
        datagrams.close();
        streams.close();
    }
}
