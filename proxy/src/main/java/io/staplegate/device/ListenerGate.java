package io.staplegate.device;

import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.Revocation;
import io.staplegate.device.Word.Silence;
import io.staplegate.identity.DenyList;
import io.staplegate.identity.DevicePath;
import io.staplegate.telemetry.DeviceCheck;
import io.staplegate.telemetry.Telemetry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The gate of one listener: its policy over what the deny list and the sources say. */
final class ListenerGate implements Gate {
    private final String listener;
    private final Revocation config;
    private final Sources sources;
    private final Attendance attendance;
    private final InstantSource clock;
    private final Telemetry telemetry;
    private final CheckLog log;
    private final Papers.Reader reader;

    /**
     * Who is asked about devices.
     *
     * @param denyList that is in force
     * @param inOrder those of revocation, the preferred one first
     * @param consider looks at what a device sent of itself
     */
    record Sources(Supplier<DenyList> denyList, List<RevocationSource> inOrder, Consumer<Credential> consider) {}

    ListenerGate(
            String listener,
            Revocation config,
            Sources sources,
            Attendance attendance,
            InstantSource clock,
            Telemetry telemetry) {
        this.listener = listener;
        this.config = config;
        this.sources = sources;
        this.attendance = attendance;
        this.clock = clock;
        this.telemetry = telemetry;
        this.log = new CheckLog(listener);
        this.reader = new Papers.Reader(config.responders());
    }

    @Override
    public CompletableFuture<Judgement> judge(DevicePath path) {
        try {
            return judgement(path);
        } catch (RuntimeException e) { // or the device would be held for ever, and nobody would know
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Judgement> judgement(DevicePath path) {
        Papers papers = reader.read(path);
        if (config.policy() != Policy.OFF) {
            sources.consider.accept(papers.leaf());
            papers.credentials().forEach(credential -> use(credential, false));
        }
        Standing known = standing(papers);
        if (known.isFinal()) {
            return CompletableFuture.completedFuture(judged(papers, known));
        }
        CompletableFuture<Void> search = search(papers);
        if (search.isDone() || config.budget().isZero()) {
            return CompletableFuture.completedFuture(judged(papers, standing(papers)));
        }
        return search.completeOnTimeout(null, config.budget().toNanos(), TimeUnit.NANOSECONDS)
                .thenApply(_ -> judged(papers, standing(papers)));
    }

    @Override
    public Stay enter(DevicePath path, Consumer<Judgement> leave) {
        Papers papers = reader.read(path);
        Session session = attendance.enter(this, papers, leave);
        Standing now = standing(papers); // what has become known since it was judged
        if (now.isOut()) {
            session.expel(now);
        }
        return session;
    }

    /** What becomes of a device by what is known now. */
    Standing standing(Papers papers) {
        if (papers.isOn(sources.denyList.get())) {
            return Standing.DENIED;
        }
        if (config.policy() == Policy.OFF) {
            return Standing.NOT_CHECKED;
        }
        Instant now = clock.instant();
        return Standing.worst(papers.credentials().stream()
                .map(credential -> Standing.of(words(credential, now), config, now))
                .toList());
    }

    /**
     * A device is in: what is known of it is kept fresh, and what is not is found out.
     *
     * @param isSettled whether all that matters is known already, as of nearly all of a hundred thousand
     */
    void keep(Papers papers, boolean isSettled) {
        if (config.policy() != Policy.OFF) {
            boolean isNeeded = !isSettled && !standing(papers).isFinal();
            papers.credentials().forEach(credential -> use(credential, isNeeded));
        }
    }

    /** A session was ended. */
    void cutOff(Papers papers, Standing standing) {
        telemetry.deviceCutOff(listener);
        log.cutOff(papers, standing.outcome(), clock.instant());
    }

    private void use(Credential credential, boolean isNeeded) {
        sources.inOrder.forEach(source -> source.use(credential, isNeeded));
    }

    private List<Word> words(Credential credential, Instant now) {
        return sources.inOrder.stream()
                .map(source -> source.known(credential, now))
                .toList();
    }

    private Judgement judged(Papers papers, Standing standing) {
        DeviceCheck outcome = standing.outcome();
        telemetry.deviceChecked(listener, outcome);
        attendance.judged(papers, standing);
        log.judged(papers, outcome, clock.instant());
        return Judgement.of(outcome);
    }

    /** Done when each certificate has been looked for wherever it may be of use. */
    private CompletableFuture<Void> search(Papers papers) {
        return CompletableFuture.allOf(papers.credentials().stream()
                .map(credential -> search(credential, sources.inOrder))
                .toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Asks one source after the other until one has an answer. Who is silent for half of the budget is waited for
     * beside the next one: else a server that hangs would keep all devices out, whatever the other source knows.
     */
    private CompletableFuture<Word> search(Credential credential, List<RevocationSource> left) {
        if (left.isEmpty()) {
            return CompletableFuture.completedFuture(Silence.NOTHING);
        }
        CompletableFuture<Word> first = left.getFirst().find(credential);
        List<RevocationSource> others = left.subList(1, left.size());
        if (others.isEmpty()) {
            return first;
        }
        CompletableFuture<Word> found = first.copy()
                .completeOnTimeout(Silence.NOTHING, config.budget().toNanos() / 2, TimeUnit.NANOSECONDS)
                .thenCompose(word -> or(word, () -> search(credential, others)))
                .thenCompose(word -> or(word, () -> first));
        var _ = first.thenAccept(word -> {
            if (word.isAnswerAt(clock.instant())) {
                found.complete(word);
            }
        });
        return found;
    }

    /** A word that decides, else what somebody else says. */
    private CompletableFuture<Word> or(Word word, Supplier<CompletableFuture<Word>> otherwise) {
        return word.isAnswerAt(clock.instant()) ? CompletableFuture.completedFuture(word) : otherwise.get();
    }
}
