package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.server.TestBed;
import io.staplegate.loadtest.wire.Weighing;
import io.staplegate.loadtest.wire.Weight;
import io.staplegate.loadtest.wire.WireTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest wire}: bytes and datagrams of DTLS handshakes, beside OpenSSL's. */
@Command(
        name = "wire",
        mixinStandardHelpOptions = true,
        description = {
            "Count the datagrams and bytes of DTLS handshakes by OpenSSL's and GnuTLS's clients: with the proxy, and"
                    + " with an \"openssl s_server\" that has the same certificate, staple and MTU (1232 bytes).",
            "Bytes are of UDP payload; alerts are not counted. The minimum of a full handshake is R52's, 756 bytes with"
                    + " certificates and staple on top.",
            "Starts all of it by itself, on loopback. Needs openssl and gnutls-cli."
        })
final class WireCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--intermediate",
            description = "Send two certificates: a leaf and the intermediate that issued it.")
    private boolean intermediate;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    WireCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (TestBed bed = TestBed.open(intermediate, "dtls: { psk: devices.psk }")) {
            List<Weight> weights = new Weighing(bed).weigh();
            if (json) {
                console.print(JsonMapper.shared().writeValueAsString(weights));
            } else {
                console.print("certificates %d bytes, staple %d bytes"
                        .formatted(
                                bed.credentials().chainBytes(),
                                bed.credentials().stapleBytes()));
                WireTable.lines(weights).forEach(console::print);
            }
            return Exit.DONE;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, String.valueOf(e.getMessage()), null);
        }
    }
}
