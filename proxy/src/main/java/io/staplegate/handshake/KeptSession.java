package io.staplegate.handshake;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to resume a session. The engine's own form of it is not kept: a resumption that fails destroys it, and
 * anybody can make one fail who has seen the session's id.
 *
 * @param masterSecret 48 bytes
 * @param terms {@link SessionTerms#digest}
 * @param end when it can be resumed no more
 * @param pskIdentity whose it is, where that was agreed on with a pre-shared key
 */
record KeptSession(byte[] masterSecret, byte[] terms, Instant end, byte @Nullable [] pskIdentity) {}
