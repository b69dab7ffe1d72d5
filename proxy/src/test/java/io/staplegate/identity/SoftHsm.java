package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A SoftHSM with a token in a folder of its own. One for the whole JVM: the library reads its configuration when it is
 * initialised, which happens once a process.
 */
public final class SoftHsm {
    public static final String TOKEN = "staplegate test";
    public static final String PIN = "1234";

    /** Another token of the module, which no test has logged in to. */
    static final String EMPTY_TOKEN = "empty";

    private static @Nullable SoftHsm instance;

    private final ExternalProgram util = ExternalProgram.named("softhsm2-util");
    private final ExternalProgram tool = ExternalProgram.named("pkcs11-tool");
    private final Path module;
    private final Path folder;
    private final Path configuration;

    private SoftHsm(Path module) throws IOException {
        this.module = module;
        folder = Files.createTempDirectory("staplegate-softhsm");
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        configuration = Files.writeString(
                folder.resolve("softhsm2.conf"), "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
    }

    /** The token; without SoftHSM and OpenSC the test ends here: as a skip, or a failure where they are required. */
    public static synchronized SoftHsm token() throws Exception {
        if (instance == null) {
            Path module = Stream.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
                    .map(Path::of)
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> ExternalProgram.missing("libsofthsm2.so is not installed"));
            SoftHsm token = new SoftHsm(module);
            setEnvironment("SOFTHSM2_CONF", token.configuration.toString());
            token.initialize(TOKEN);
            token.initialize(EMPTY_TOKEN);
            instance = token;
        }
        return instance;
    }

    public Path module() {
        return module;
    }

    /** A {@code pkcs11:} URI of this token's key with a label. */
    public String uri(String label) {
        return "pkcs11:token=" + TOKEN.replace(" ", "%20") + ";object=" + label + "?module-path=" + module
                + "&pin-value=" + PIN;
    }

    /** Puts a key into the token, without a certificate. */
    public void importKey(KeyPair keys, String label, String id) throws Exception {
        Path file = Files.writeString(folder.resolve(label + ".key"), Pki.pem(keys.getPrivate()));
        run(util, "--import", file, "--token", TOKEN, "--label", label, "--id", id, "--pin", PIN);
        Files.delete(file);
    }

    /** Puts the certificate object into the token without which the JDK shows no key. */
    public void importCertificate(X509Certificate certificate, String label, String id)
            throws IOException, InterruptedException, CertificateEncodingException {
        Path file = Files.write(folder.resolve(label + ".der"), certificate.getEncoded());
        run(
                tool,
                "--module",
                module,
                "--token-label",
                TOKEN,
                "--login",
                "--pin",
                PIN,
                "--write-object",
                file,
                "--type",
                "cert",
                "--label",
                label,
                "--id",
                id);
    }

    private void initialize(String token) throws IOException, InterruptedException {
        run(util, "--init-token", "--free", "--label", token, "--pin", PIN, "--so-pin", PIN);
    }

    private void run(ExternalProgram program, Object... arguments) throws IOException, InterruptedException {
        var outcome = program.with("SOFTHSM2_CONF", configuration).run(arguments);
        assertThat(outcome.exit()).as(outcome.output()).isZero();
    }

    /** Java cannot change the environment of its own process, where the library looks for its configuration. */
    @SuppressWarnings("restricted") // calling setenv is the point
    private static void setEnvironment(String name, String value) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            linker.downcallHandle(
                            linker.defaultLookup().find("setenv").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT))
                    .invokeWithArguments(arena.allocateFrom(name), arena.allocateFrom(value), 1);
        } catch (Throwable e) {
            throw new IllegalStateException("setenv did not work", e);
        }
    }
}
