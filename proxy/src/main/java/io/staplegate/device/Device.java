package io.staplegate.device;

import io.staplegate.identity.Fingerprint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One device's certificate: what it was judged last, and the sessions that it has. Guarded by its own lock. */
final class Device {
    private final Papers papers;
    private final List<Session> sessions = new ArrayList<>(1);
    private Standing standing;
    private Instant lastSeen;

    Device(Papers papers, Standing standing, Instant now) {
        this.papers = papers.compact();
        this.standing = standing;
        this.lastSeen = now;
    }

    Fingerprint fingerprint() {
        return papers.leaf().fingerprint();
    }

    /** What it has shown, compact. */
    Papers papers() {
        return papers;
    }

    /** It was judged because it is here. */
    synchronized void judged(Standing now, Instant at) {
        standing = now;
        lastSeen = at;
    }

    /** Judges it again because something new is known; where it is revoked or denied, its sessions end. */
    void review() {
        for (Session session : sessions()) {
            Standing now = session.gate().standing(papers);
            judgedAgain(now);
            if (now.isOut()) {
                session.expel(now);
            }
        }
    }

    /** It is in: what is known of it is kept fresh. */
    void keep(Instant now) {
        List<Session> open = sessions();
        boolean isSettled = open.size() == 1 && isSettledAt(now); // by the gate that judged it last
        open.forEach(session -> session.gate().keep(papers, isSettled));
    }

    private synchronized boolean isSettledAt(Instant now) {
        return standing.isFinal() && (standing.until() == null || now.isBefore(standing.until()));
    }

    private synchronized void judgedAgain(Standing now) {
        standing = now;
    }

    synchronized void add(Session session) {
        sessions.add(session);
    }

    synchronized void remove(Session session, Instant now) {
        if (sessions.remove(session)) {
            lastSeen = now;
        }
    }

    synchronized boolean isGone() {
        return sessions.isEmpty();
    }

    /** Those that are open now. */
    synchronized List<Session> sessions() {
        return List.copyOf(sessions);
    }

    synchronized DeviceView view() {
        Credential leaf = papers.leaf();
        return new DeviceView(
                papers.name(),
                leaf.serial().toString(16),
                leaf.issuer().certificate().getSubjectX500Principal().getName(),
                leaf.fingerprint().toString(),
                lowerCase(standing.outcome()),
                standing.by() == null ? null : lowerCase(standing.by()),
                standing.until(),
                sessions.size(),
                lastSeen);
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
