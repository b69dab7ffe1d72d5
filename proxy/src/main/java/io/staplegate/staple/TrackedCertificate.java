package io.staplegate.staple;

import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.staple.Knowledge.Held;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.telemetry.Telemetry.RefreshOutcome;
import io.staplegate.telemetry.Telemetry.StapleStatus;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One certificate that is kept stapled: what is known of it, and the chains that it is part of. What changes here is
 * guarded by its lock; what is known is read without.
 */
final class TrackedCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedCertificate.class);
    private static final int NAMES_IN_LOG = 5;

    private final OcspValidator validator;
    private final RefreshPolicy policy;
    private final Telemetry telemetry;
    private final Map<PublishedChain, Integer> positions = new LinkedHashMap<>();
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private volatile StapleTarget target;
    private volatile boolean mustStaple;
    private volatile boolean awaited;
    private volatile Knowledge knowledge = Knowledge.NOTHING;
    private @Nullable Wardrobe wardrobe;
    private @Nullable State told;
    private boolean hastened;
    private volatile boolean hopeless;

    /** What time alone changes. */
    private record State(StapleStatus status, boolean isAnswered) {}

    TrackedCertificate(StapleTarget target, OcspValidator validator, RefreshPolicy policy, Telemetry telemetry) {
        this.target = target;
        this.validator = validator;
        this.policy = policy;
        this.telemetry = telemetry;
    }

    StapleTarget target() {
        return target;
    }

    Knowledge knowledge() {
        return knowledge;
    }

    /** Whether clients of any of its chains may insist on a staple. */
    boolean mustStaple() {
        return mustStaple;
    }

    /** When what is held ends; long ago where there is nothing. */
    Instant end() {
        OcspAnswer answer = knowledge.answer();
        return answer == null ? Instant.MIN : policy.end(answer);
    }

    /** Whether an answer would replace the one that is held. */
    boolean isNews(OcspAnswer answer, Instant now) {
        return knowledge.isNews(answer, now, policy);
    }

    /** Whether an answer says other than what is known, and is no newer. */
    boolean contradicts(OcspAnswer answer, Instant now) {
        return knowledge.contradicts(answer, now, policy);
    }

    /** The most time that a responder may ask for, so that there is a staple. */
    Duration longestWish(Instant now) {
        return policy.longestWish(isAnsweredAt(now) ? Duration.between(now, end()) : Duration.ZERO);
    }

    /** Whether there is an answer that counts at a moment. */
    boolean isAnsweredAt(Instant now) {
        return now.isBefore(end());
    }

    /** Done when there is an answer: whoever may not serve without one waits for this. */
    CompletableFuture<Void> answered() {
        return answered;
    }

    /** Done when there is an answer, or the first look has found none, or there is nobody to ask. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    /** Whether a start waits for a first answer, and there is none yet. */
    boolean isAwaited() {
        return awaited && !answered.isDone();
    }

    void awaited(boolean whether) {
        awaited = whether;
    }

    /** The same certificate, perhaps with other responders. */
    synchronized void retarget(StapleTarget other, Instant now) {
        boolean sameResponders = other.responders().equals(target.responders());
        target = other;
        if (!sameResponders) {
            plan(now);
        }
    }

    synchronized List<PublishedChain> chains() {
        return List.copyOf(positions.keySet());
    }

    synchronized int chainCount() {
        return positions.size();
    }

    /** Becomes part of a chain, and shows there what is known. */
    synchronized void joinChain(PublishedChain chain, int position, Instant now) {
        positions.put(chain, position);
        mustStaple |= chain.mustStaple();
        show(chain, position, now);
    }

    /** Tells the metrics what is known, for a chain that it is part of. */
    synchronized void report(PublishedChain chain, Instant now) {
        Integer position = positions.get(chain);
        if (position != null) {
            report(chain, position, now);
        }
    }

    synchronized void leaveChain(PublishedChain chain) {
        positions.remove(chain);
    }

    /**
     * Takes over a verified answer that was kept on disk, or carried in. Nothing newer is replaced by it. Returns
     * whether it was news.
     */
    synchronized boolean restore(Held held, Instant now) {
        if (!isNews(held.answer(), now)) {
            return false;
        }
        become(Knowledge.holding(held), now);
        return true;
    }

    /** Plans the next look as at the start: what is not due is left alone. */
    synchronized void plan(Instant now) {
        knowledge = knowledge.lookingAt(nextLook(knowledge, null, now));
        if (knowledge.held() != null || knowledge.nextLook() == null) {
            settle();
        }
    }

    /**
     * Looks again now where the last look found no answer: a responder is back. Once: where that finds none either, it
     * was not the outage's fault, and the certificate is {@link #isHopeless}.
     */
    synchronized void hasten(Instant now) {
        Instant next = knowledge.nextLook();
        if (hastened || knowledge.lastError() == null || next == null) {
            return;
        }
        hastened = true;
        if (now.isBefore(next)) {
            knowledge = knowledge.lookingAt(now);
        }
    }

    /** Whether its responder has been back from an outage, and had no answer for it all the same. */
    boolean isHopeless() {
        return hopeless;
    }

    /** Learns what one look has found, and plans the next. Returns whether another answer is held now. */
    synchronized boolean learn(Finding finding, Instant now) {
        Knowledge before = knowledge;
        Knowledge next = before.with(finding, now, policy);
        become(next.lookingAt(nextLook(next, finding, now)), now);
        boolean failed = next.failures() > before.failures();
        hopeless = next.lastError() != null && (hopeless || (hastened && failed));
        hastened &= failed; // who was not asked still does not know whether it is back
        boolean updated = next.holdsOtherThan(before);
        telemetry.looked(finding.rung(isAnsweredAt(now)));
        if (!(finding instanceof Finding.Unasked)) {
            RefreshOutcome outcome = next.failures() > 0
                    ? RefreshOutcome.FAILED
                    : updated ? RefreshOutcome.UPDATED : RefreshOutcome.UNCHANGED;
            positions.keySet().stream()
                    .filter(PublishedChain::isServed)
                    .forEach(chain -> telemetry.refreshed(chain.identity().name(), outcome));
        }
        return updated;
    }

    /** Its time has come, and everybody who could be asked is down: says so where nothing is said yet. */
    synchronized void holdBack(Instant now) {
        Knowledge before = knowledge;
        if (before.lastError() == null) {
            target.firstAsked()
                    .ifPresent(responder -> knowledge = before.with(new Finding.Unasked(responder), now, policy)
                            .lookingAt(before.nextLook()));
        }
        settle();
    }

    /** Lets those go on who wait for a first answer: there is one, or the first look has found none. */
    void settle() {
        settled.complete(null);
        if (knowledge.held() != null) {
            answered.complete(null);
        }
    }

    /** Tells the metrics where time alone has changed what counts. Returns whether it has. */
    synchronized boolean noticeTime(Instant now) {
        if (stateAt(now).equals(told)) {
            return false;
        }
        report(now);
        return true;
    }

    private @Nullable Instant nextLook(Knowledge known, @Nullable Finding finding, Instant now) {
        if (!target.canBeAskedAt(now)) {
            return null;
        }
        return policy.next(known.answer(), finding, known.failures(), now, ThreadLocalRandom.current());
    }

    private void become(Knowledge next, Instant now) {
        Knowledge before = knowledge;
        knowledge = next;
        if (next.held() != null && next.holdsOtherThan(before)) {
            wardrobe = new Wardrobe(target, next.held());
            positions.forEach((chain, position) -> show(chain, position, now));
            logRevocation(before, next);
            report(now);
        } else {
            noticeTime(now);
        }
    }

    private void show(PublishedChain chain, int position, Instant now) {
        chain.put(position, staple(chain.identity(), position, now), knowledge.isRevoked(), now.toEpochMilli());
    }

    private @Nullable Staple staple(Identity identity, int position, Instant now) {
        if (wardrobe == null || stapledFor(identity, now) == null) {
            return null;
        }
        List<X509Certificate> chain = identity.chain();
        return wardrobe.dressedFor(chain.subList(position + 1, chain.size()), validator, now);
    }

    /** The answer that an identity's handshakes carry at a moment, if any. */
    private @Nullable OcspAnswer stapledFor(Identity identity, Instant now) {
        boolean refused = knowledge.isRevoked() && identity.config().onRevoked() == OnRevoked.REFUSE;
        return refused || !isAnsweredAt(now) ? null : knowledge.answer();
    }

    private void report(Instant now) {
        told = stateAt(now);
        positions.forEach((chain, position) -> report(chain, position, now));
    }

    private void report(PublishedChain chain, int position, Instant now) {
        if (!chain.hasSeries(position)) {
            return;
        }
        Identity identity = chain.identity();
        OcspAnswer stapled = stapledFor(identity, now);
        telemetry.staple(
                identity.name(),
                target.serial(),
                knowledge.statusAt(now, policy),
                stapled == null ? null : stapled.thisUpdate(),
                stapled == null ? null : stapled.nextUpdate());
    }

    private State stateAt(Instant now) {
        return new State(knowledge.statusAt(now, policy), isAnsweredAt(now));
    }

    private void logRevocation(Knowledge before, Knowledge after) {
        if (after.isRevoked() == before.isRevoked()) {
            return;
        }
        var event = after.isRevoked() ? LOG.atError() : LOG.atWarn();
        event.addKeyValue("certificate", target.serial())
                .addKeyValue("subject", target.certificate().getSubjectX500Principal())
                .addKeyValue("identities", names())
                .log(after.isRevoked() ? "certificate is revoked" : "certificate is no longer revoked");
    }

    /** Those whose identities are served, or may be soon; not those that the last handshakes leave. */
    private String names() {
        List<String> names = positions.keySet().stream()
                .filter(chain -> !chain.isRetired())
                .map(chain -> chain.identity().name())
                .distinct()
                .toList();
        int more = names.size() - NAMES_IN_LOG;
        return String.join(", ", names.subList(0, Math.min(names.size(), NAMES_IN_LOG)))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
