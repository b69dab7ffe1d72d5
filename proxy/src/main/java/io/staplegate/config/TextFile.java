package io.staplegate.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A UTF-8 text of bounded size. */
final class TextFile {
    /** 4 MiB: 10,000 identities need about 2. */
    static final int LARGEST = 4 << 20;

    private TextFile() {}

    static Parsed<String> read(Path file) {
        var name = Problem.quoted(file);
        if (Files.isDirectory(file)) {
            return new Parsed.Invalid<>(name + " is a directory", "name the file in it");
        }
        try (var in = Files.newInputStream(file)) {
            return decode(in.readNBytes(LARGEST + 1), name);
        } catch (NoSuchFileException _) {
            return new Parsed.Invalid<>(name + " does not exist", null);
        } catch (AccessDeniedException _) {
            return new Parsed.Invalid<>(name + " cannot be read (permission denied)", null);
        } catch (FileSystemException e) {
            return new Parsed.Invalid<>(name + " cannot be read (" + e.getReason() + ")", null);
        } catch (IOException e) {
            return new Parsed.Invalid<>(name + " cannot be read (" + e.getMessage() + ")", null);
        }
    }

    private static Parsed<String> decode(byte[] content, String name) {
        if (content.length > LARGEST) {
            return new Parsed.Invalid<>(name + " is larger than 4 MiB", "is it a configuration file?");
        }
        var bytes = ByteBuffer.wrap(content);
        var text = CharBuffer.allocate(content.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true).isError()) {
            return new Parsed.Invalid<>(
                    "line %d: not UTF-8 (byte 0x%02x)".formatted(line(bytes), bytes.get(bytes.position())),
                    "save the file as UTF-8");
        }
        var decoded = text.flip().toString();
        return new Parsed.Value<>(decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded);
    }

    private static int line(ByteBuffer bytes) {
        int line = 1;
        for (int i = 0; i < bytes.position(); i++) {
            line += bytes.get(i) == '\n' ? 1 : 0;
        }
        return line;
    }
}
