package io.staplegate.mirror;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.Unpooled;
import io.staplegate.device.RevocationLists.RevocationList;
import io.staplegate.mirror.Document.Validity;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.ocsp.OcspRefusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** The documents that answers and lists are sent as; those sent lately are kept. Safe for use by any thread. */
final class Documents {
    private static final String OCSP_RESPONSE = "application/ocsp-response";
    private static final String REVOCATION_LIST = "application/pkix-crl";
    private static final int MOST_ANSWERS = 10_000; // a kilobyte each, beside the answer itself
    private static final Duration LONGEST = Duration.ofDays(365);

    /** A CA's responders may need a while to learn of a new certificate (R36). */
    private static final Duration LONGEST_OF_UNKNOWN = Duration.ofMinutes(1);

    private final Map<OcspRefusal, Document> refusals = new EnumMap<>(OcspRefusal.class);
    private final Cache<OcspAnswer, Document> answers =
            Caffeine.newBuilder().weakKeys().maximumSize(MOST_ANSWERS).build();
    private final AsyncCache<RevocationList, Document> lists =
            Caffeine.newBuilder().weakKeys().buildAsync();

    Documents() {
        for (OcspRefusal refusal : OcspRefusal.values()) {
            refusals.put(refusal, Document.passing(OCSP_RESPONSE, refusal.encode()));
        }
    }

    /** A response that answers nothing. */
    Document of(OcspRefusal refusal) {
        return Objects.requireNonNull(refusals.get(refusal), refusal.name());
    }

    /** A response that is kept. */
    Document of(OcspAnswer answer) {
        return answers.get(answer, Documents::lasting);
    }

    /** A response to one client's nonce: for nobody else. */
    Document toNonce(OcspAnswer answer) {
        return Document.passing(OCSP_RESPONSE, answer.der());
    }

    /** A list, which may be of many megabytes: it is laid out on another thread. */
    CompletableFuture<Document> of(RevocationList list) {
        return lists.get(list, Documents::lasting);
    }

    private static Document lasting(OcspAnswer answer) {
        Duration longest = answer.status() == Status.UNKNOWN ? LONGEST_OF_UNKNOWN : LONGEST;
        // Some CAs round thisUpdate: who has good of the same moment must not be told that nothing has changed.
        Instant modified = answer.status() == Status.REVOKED ? Instant.MAX : answer.thisUpdate();
        Validity validity = new Validity(answer.thisUpdate(), answer.nextUpdate(), longest, modified);
        return Document.lasting(OCSP_RESPONSE, Unpooled.wrappedBuffer(answer.der()), validity);
    }

    /** The copy is outside the heap, from where the kernel takes it as it is, however many ask at a time. */
    private static Document lasting(RevocationList list) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(list.der().length).put(list.der()).flip();
        Validity validity = new Validity(list.thisUpdate(), list.nextUpdate(), LONGEST, list.thisUpdate());
        return Document.lasting(REVOCATION_LIST, Unpooled.wrappedBuffer(bytes), validity);
    }
}
