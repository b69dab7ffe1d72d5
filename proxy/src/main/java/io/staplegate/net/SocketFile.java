package io.staplegate.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file under which a Unix domain socket of this process is found. */
public final class SocketFile {
    /** The kind of a file among the bits of its mode (inode(7)). */
    private static final int KIND = 0170000;

    private static final int SOCKET = 0140000;

    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

    private SocketFile() {}

    /**
     * Makes room for a socket: removes one that nobody listens at any more, as a crash leaves it. Blocks, shortly.
     *
     * @throws IOException where anything else is there; the message says what
     */
    public static void makeRoom(Path path) throws IOException {
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & KIND) != SOCKET) {
                throw new IOException("there is a file that is no socket");
            }
            if (isServed(path)) {
                throw new IOException("another process listens there");
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException e) {
            // there is room
        }
    }

    private static boolean isServed(Path path) throws IOException {
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return socket.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Keeps out all but the file's owner and group, who may connect: mode 0660. */
    public static void protect(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    }

    /** Removes it; a file that is gone already is no matter. */
    public static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("cause", e.toString())
                    .log("socket file stays behind");
        }
    }
}
