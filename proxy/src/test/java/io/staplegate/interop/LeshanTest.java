package io.staplegate.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.DemoPki;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.californium.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.client.californium.endpoint.coaps.CoapsClientProtocolProvider;
import org.eclipse.leshan.client.object.Device;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.core.CertificateUsage;
import org.eclipse.leshan.core.LwM2mId;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.californium.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.server.californium.endpoint.coap.CoapServerProtocolProvider;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A LwM2M server that speaks plain CoAP behind the proxy, and a LwM2M client that speaks DTLS before it. */
class LeshanTest {
    private static final int SERVER_ID = 123;

    @TempDir
    Path folder;

    @Test
    void aClientRegistersAndTheServerReadsItsResources() throws Exception {
        LeshanServer lwm2m = lwm2mServer();
        BlockingQueue<Registration> registered = new LinkedBlockingQueue<>();
        lwm2m.getRegistrationService().addListener(new Registrations(registered));
        lwm2m.start();
        try (DtlsServer server = DtlsServer.in(folder)
                .before(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(),
                        lwm2m.getEndpoint(Protocol.COAP).getURI().getPort()))
                .start()) {
            LeshanClient client = lwm2mClient(server);
            client.start();

            Registration registration = registered.poll(20, SECONDS);
            assertThat(registration).isNotNull();
            assertThat(registration.getEndpoint()).isEqualTo("meter-1");
            ReadResponse response = lwm2m.send(registration, new ReadRequest(LwM2mId.DEVICE, 0, 0), 20_000);
            assertThat(((LwM2mSingleResource) response.getContent()).getValue()).isEqualTo("Staplegate");
            client.destroy(true);
        } finally {
            lwm2m.destroy();
        }
    }

    private static LeshanServer lwm2mServer() {
        var endpoints = new CaliforniumServerEndpointsProvider.Builder(new CoapServerProtocolProvider())
                .addEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Protocol.COAP)
                .build();
        return new LeshanServerBuilder().setEndpointsProviders(endpoints).build();
    }

    private static LeshanClient lwm2mClient(DtlsServer server) throws CertificateEncodingException {
        DemoPki pki = server.pki();
        ObjectsInitializer objects = new ObjectsInitializer();
        objects.setInstancesForObject(
                LwM2mId.SECURITY,
                Security.x509(
                        "coaps://localhost:" + server.port(),
                        SERVER_ID,
                        pki.device().getEncoded(),
                        pki.deviceKey().getEncoded(),
                        pki.intermediate().certificate().getEncoded(),
                        CertificateUsage.CA_CONSTRAINT.code));
        objects.setInstancesForObject(LwM2mId.SERVER, new Server(SERVER_ID, 300));
        objects.setInstancesForObject(LwM2mId.DEVICE, new Device("Staplegate", "meter", "1"));
        return new LeshanClientBuilder("meter-1")
                .setObjects(objects.createAll())
                .setTrustStore(List.of(pki.root().certificate()))
                .setEndpointsProviders(
                        new CaliforniumClientEndpointsProvider.Builder(new CoapsClientProtocolProvider()).build())
                .build();
    }

    private record Registrations(BlockingQueue<Registration> queue) implements RegistrationListener {
        @Override
        public void registered(
                Registration registration, Registration former, Collection<Observation> formerObservations) {
            queue.add(registration);
        }

        @Override
        public void updated(RegistrationUpdate update, Registration updated, Registration former) {}

        @Override
        public void unregistered(
                Registration registration,
                Collection<Observation> observations,
                boolean expired,
                Registration newRegistration) {}
    }
}
