package io.staplegate.loadtest.wire;

import io.staplegate.loadtest.server.OpensslServer;
import io.staplegate.loadtest.server.TestBed;
import io.staplegate.loadtest.udp.DatagramPath;
import io.staplegate.loadtest.udp.HandshakeCount;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weighs each handshake at the proxy, and at {@code openssl s_server} with the same certificates, staple and MTU.
 *
 * <p>The minimum of a full handshake is itemised by R52. That of a resumed one, likewise: ClientHello 130 (the session
 * id is 32 of it), HelloVerifyRequest 44, ClientHello 146, ServerHello 101 with ChangeCipherSpec 14 and Finished 53,
 * the device's ChangeCipherSpec and Finished 67.
 */
public record Weighing(TestBed bed) {
    /** The proxy's own default. */
    private static final int MTU = 1232;

    private static final int FULL_BUT_CHAIN_AND_STAPLE = 756;
    private static final int RESUMED = 130 + 44 + 146 + 101 + 14 + 53 + 67;

    /** Weighs them all. Returns two weights for each handshake: the proxy's, then OpenSSL's. */
    public List<Weight> weigh() throws IOException, InterruptedException {
        Path folder = bed.folder();
        List<Weight> weights = new ArrayList<>();
        try (OpensslServer certified =
                        OpensslServer.withCertificate(bed.credentials(), MTU, folder.resolve("certified.log"));
                OpensslServer keyed =
                        OpensslServer.withKey(TestBed.PSK_IDENTITY, TestBed.PSK, MTU, folder.resolve("keyed.log"))) {
            List<Weight> proxys = weigh("proxy", bed.address(), bed.address());
            List<Weight> openssls = weigh("s_server", certified.address(), keyed.address());
            for (int i = 0; i < proxys.size(); i++) {
                weights.add(proxys.get(i));
                weights.add(openssls.get(i));
            }
        }
        return weights;
    }

    private List<Weight> weigh(String name, InetSocketAddress certified, InetSocketAddress keyed)
            throws IOException, InterruptedException {
        List<Weight> weights = new ArrayList<>();
        Client.Setting setting =
                new Client.Setting(bed.credentials().root(), bed.folder(), TestBed.PSK_IDENTITY, TestBed.PSK);
        for (Handshake handshake : Handshake.ALL) {
            HandshakeCount count = new HandshakeCount();
            try (DatagramPath path =
                    DatagramPath.to(handshake.kind() == Handshake.Kind.PSK ? keyed : certified, count)) {
                handshake.client().run(handshake, path.address(), setting);
            }
            weights.add(Weight.of(handshake, name, count, minimum(handshake.kind())));
        }
        return weights;
    }

    private @Nullable Integer minimum(Handshake.Kind kind) {
        return switch (kind) {
            case FULL ->
                FULL_BUT_CHAIN_AND_STAPLE
                        + bed.credentials().chainBytes()
                        + bed.credentials().stapleBytes();
            case RESUMED -> RESUMED;
            case PSK -> null;
        };
    }
}
