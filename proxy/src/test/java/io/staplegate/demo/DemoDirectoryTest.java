package io.staplegate.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's folder, over several starts. */
class DemoDirectoryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final URI RESPONDER = URI.create("http://127.0.0.1:8890/");

    @TempDir
    private Path folder;

    private DemoDirectory directory;

    @BeforeEach
    void open() {
        directory = new DemoDirectory(folder.resolve("new/demo"));
    }

    @Test
    void hasAChainThatLeadsToTheRoot() throws Exception {
        DemoPki pki = directory.pki(RESPONDER, NOW);

        assertThat(Pem.certificates(directory.ca())).containsExactly(pki.root().certificate());
        var chain = Pem.certificates(directory.chain());
        assertThat(chain).containsExactly(pki.server(), pki.intermediate().certificate());
        chain.get(0).verify(chain.get(1).getPublicKey());
        chain.get(1).verify(pki.root().certificate().getPublicKey());
        assertThat(pki.server().getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void keepsKeysFromOthers() throws IOException {
        directory.pki(RESPONDER, NOW);

        try (var files = Files.list(directory.folder())) {
            List<Path> keys =
                    files.filter(file -> file.toString().endsWith(".key")).toList();
            assertThat(keys).hasSize(4);
            for (Path key : keys) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void isTheSameAtTheNextStart() throws IOException {
        DemoPki first = directory.pki(RESPONDER, NOW);
        DemoPki second = directory.pki(RESPONDER, NOW.plus(Duration.ofDays(300)));

        assertThat(second.server()).isEqualTo(first.server());
        assertThat(second.serverKey()).isEqualTo(first.serverKey());
        assertThat(second.intermediate().certificate())
                .isEqualTo(first.intermediate().certificate());
        assertThat(second.root().keys().getPrivate())
                .isEqualTo(first.root().keys().getPrivate());
    }

    @Test
    void keepsTheRootWhenTheResponderMovesOrTheServerExpires() throws IOException {
        DemoPki first = directory.pki(RESPONDER, NOW);
        DemoPki moved = directory.pki(URI.create("http://127.0.0.1:8891/"), NOW);
        DemoPki later = directory.pki(URI.create("http://127.0.0.1:8891/"), NOW.plus(Duration.ofDays(365)));

        assertThat(List.of(moved, later))
                .extracting(pki -> pki.root().certificate())
                .containsOnly(first.root().certificate());
        assertThat(List.of(first, moved, later)).extracting(DemoPki::server).doesNotHaveDuplicates();
    }

    @Test
    void startsAfreshWhereFilesAreSpoiled() throws IOException {
        DemoPki first = directory.pki(RESPONDER, NOW);
        Files.writeString(directory.ca(), "spoiled");
        Files.delete(directory.deviceKey());

        DemoPki second = directory.pki(RESPONDER, NOW);

        assertThat(second.root().certificate()).isNotEqualTo(first.root().certificate());
        assertThat(directory.pki(RESPONDER, NOW).server()).isEqualTo(second.server());
    }

    @Test
    void writesAConfigurationWithTheRealPorts() throws IOException {
        directory.pki(RESPONDER, NOW);

        configure();

        assertThat(directory.configuration())
                .content()
                .contains("bind: 127.0.0.1:8883", "bind: 127.0.0.1:5684", "bind: 127.0.0.1:9464")
                .contains("address: 127.0.0.1:4711", "address: 127.0.0.1:4712")
                .contains("directory: '" + directory.folder().resolve("state") + "'");
    }

    @Test
    void doesNotTouchAConfigurationThatIsRightAlready() throws IOException {
        directory.pki(RESPONDER, NOW);
        configure();
        FileTime before = FileTime.from(NOW);
        Files.setLastModifiedTime(directory.configuration(), before);

        configure();

        assertThat(Files.getLastModifiedTime(directory.configuration())).isEqualTo(before);
    }

    @Test
    void isForOneDemoAtATime() throws IOException {
        try (Closeable first = directory.claim()) {
            assertThat(first).isNotNull();
            assertThatIOException().isThrownBy(directory::claim).withMessage("another demo serves from it");
        }
        directory.claim().close();
    }

    private void configure() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        directory.configure(
                new DemoDirectory.Ports(8883, 5684, 9464, null),
                new InetSocketAddress(loopback, 4711),
                new InetSocketAddress(loopback, 4712));
    }
}
