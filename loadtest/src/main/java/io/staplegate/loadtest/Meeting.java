package io.staplegate.loadtest;

import io.staplegate.probe.Encounter;
import java.io.IOException;

/** What a device does with a server, on a connection of its own. */
@FunctionalInterface
interface Meeting {
    /** Throws where it came to nothing; the message is the same for the same reason. */
    Encounter perform() throws IOException;
}
