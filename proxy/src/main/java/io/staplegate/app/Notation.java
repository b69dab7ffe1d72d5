package io.staplegate.app;

import io.staplegate.config.Durations;
import io.staplegate.config.SocketAddress.HostPort;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How the values of options are written. */
final class Notation {
    private Notation() {}

    /** A port of this machine; 0 picks a free one. */
    record Port(int number) {}

    /** Teaches the notations to a command line and its commands. */
    static CommandLine teach(CommandLine line) {
        return line.registerConverter(Instant.class, Notation::instant)
                .registerConverter(Duration.class, Notation::duration)
                .registerConverter(Port.class, Notation::port)
                .registerConverter(HostPort.class, Notation::hostPort);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("\"" + text + "\" is no instant like 2026-01-31T12:00:00Z");
        }
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("\"" + text + "\" is no duration like 10s, 5m, 36h");
        }
    }

    private static Port port(String text) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65535) {
            return new Port(Integer.parseInt(text));
        }
        throw new TypeConversionException("\"" + text + "\" is no port (0 to 65535)");
    }
}
