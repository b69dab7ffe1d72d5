package io.staplegate.app;

import io.staplegate.config.Durations;
import io.staplegate.config.SocketAddress.HostPort;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How the values of options are written. */
final class Notation {
    private static final Pattern HOST_PORT =
            Pattern.compile("(?:\\[(?<address>[^]]+)]|(?<name>[^:\\[\\]]+)):(?<port>\\d+)");

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

    private static HostPort hostPort(String text) {
        Matcher parts = HOST_PORT.matcher(text);
        if (!parts.matches()) {
            throw new TypeConversionException("\"" + text + "\" is no address like localhost:8883 or [::1]:8883");
        }
        String address = parts.group("address");
        int port = port(parts.group("port")).number();
        return new HostPort(address != null ? address : parts.group("name"), port);
    }
}
