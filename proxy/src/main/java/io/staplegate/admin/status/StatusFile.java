package io.staplegate.admin.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A file that the status page refers to, as it lies in the jar. */
public final class StatusFile {
    public static final StatusFile STYLE = new StatusFile("status.css", "text/css; charset=utf-8");
    public static final StatusFile SCRIPT = new StatusFile("status.js", "text/javascript; charset=utf-8");

    private final String contentType;
    private final byte[] content;

    private StatusFile(String name, String contentType) {
        this.contentType = contentType;
        this.content = read(name);
    }

    public String contentType() {
        return contentType;
    }

    /** A copy of its bytes. */
    public byte[] content() {
        return content.clone();
    }

    private static byte[] read(String name) {
        try (InputStream file = StatusFile.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks \"" + name + "\"");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
