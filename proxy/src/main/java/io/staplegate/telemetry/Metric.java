package io.staplegate.telemetry;

import java.util.List;

/** The name, type, labels, meaning and use of each metric of ours: the one place that has them, also for the README. */
enum Metric {
    STAPLE_STATUS(
            Type.GAUGE,
            "staplegate_staple_status",
            "identity, certificate, status",
            Appearance.CERTIFICATE,
            "1 for what is known of the certificate now (`good`, `revoked`, `unknown`, `absent`), 0 for the others",
            "`revoked`: replace the certificate. `absent` where there was one: look at the last error in"
                    + " `staplegate staples`"),
    STAPLE_THIS_UPDATE(
            Type.GAUGE,
            "staplegate_staple_this_update_seconds",
            "identity, certificate",
            Appearance.STAPLE,
            "thisUpdate of the staple, Unix seconds",
            "older than half of its validity and an eighth: the responder gives nothing newer"),
    STAPLE_NEXT_UPDATE(
            Type.GAUGE,
            "staplegate_staple_next_update_seconds",
            "identity, certificate",
            Appearance.STAPLE,
            "nextUpdate of the staple, Unix seconds",
            "near: carry a response in with `staplegate import`"),
    STAPLE_REQUIRED(
            Type.GAUGE,
            "staplegate_staple_required",
            "identity, certificate",
            Appearance.LEAF,
            "1 where a handshake that asks for a staple is refused without a good one (`stapling: must`), else 0",
            "none: for alerts"),
    CERTIFICATE_NOT_BEFORE(
            Type.GAUGE,
            "staplegate_certificate_not_before_seconds",
            "identity, certificate",
            Appearance.SERVED,
            "notBefore of the certificate, Unix seconds",
            "none: with the next one it tells the validity"),
    CERTIFICATE_NOT_AFTER(
            Type.GAUGE,
            "staplegate_certificate_not_after_seconds",
            "identity, certificate",
            Appearance.SERVED,
            "notAfter of the certificate, Unix seconds",
            "near: renew it; the file is watched"),
    STAPLE_REFRESHES(
            Type.COUNTER,
            "staplegate_staple_refreshes_total",
            "identity, outcome",
            Appearance.IDENTITY,
            "Refreshes that ended: `updated`, `unchanged`, `failed`",
            "`failed` more than now and then: see the last error in `staplegate staples`"),
    RESPONDER_REQUESTS(
            Type.HISTOGRAM,
            "staplegate_responder_requests_seconds",
            "responder, outcome",
            Appearance.REQUEST,
            "Exchanges with a responder, redirects and second tries included: `ok`, or why there was no answer",
            "slow or failing: speak to the CA; the proxy lives on what it has"),
    REFRESHES_BY_RUNG(
            Type.COUNTER,
            "staplegate_refreshes_by_rung_total",
            "rung",
            Appearance.ALWAYS,
            "Looks for a newer answer, by the rung of the ladder that each ended on: `responder` (the first),"
                    + " `next_responder`, `other_method` (GET or POST), `other_hash` (of the CertID), `upstream`,"
                    + " `imported`, `last_good` (nobody answered, and what is held is valid), `nothing`",
            "`last_good` and `nothing` rise: nobody answers"),
    CIRCUIT_OPEN(
            Type.GAUGE,
            "staplegate_responder_circuit_open",
            "responder",
            Appearance.OUTAGE,
            "1 while a responder has failed so often that it is only probed, 0 for the others",
            "1 for long: is it the path to the responder, or the responder?"),
    CLOCK_OFFSET(
            Type.GAUGE,
            "staplegate_clock_offset_seconds",
            "",
            Appearance.ANSWER,
            "How far the clock is behind what responders say (their Date headers, and when they signed); less than 0:"
                    + " ahead",
            "more than seconds: mend the time service of this machine"),
    MIRROR_REQUESTS(
            Type.COUNTER,
            "staplegate_mirror_requests_total",
            "outcome",
            Appearance.ALWAYS,
            "Requests to the mirror: `cached`, `fetched`, `not_modified`, `try_later`, `unauthorized` (of another CA),"
                    + " `malformed`, `limited`, `crl`, `not_found`",
            "`limited`: raise the mirror's limits; `unauthorized`: name that CA under `mirror.issuers`"),
    STORE_FAILURES(
            Type.COUNTER,
            "staplegate_store_failures_total",
            "",
            Appearance.ALWAYS,
            "Staples that could not be written to, or read from, the state directory",
            "rises: disk full, or its rights are wrong; the log says which"),
    STORE_WRITABLE(
            Type.GAUGE,
            "staplegate_store_writable",
            "",
            Appearance.ALWAYS,
            "0 where the last write to the state directory has failed, else 1",
            "0: do not restart before it is mended: what is held would be lost"),
    EXPORT_FAILURES(
            Type.COUNTER,
            "staplegate_export_failures_total",
            "identity",
            Appearance.IDENTITY,
            "Staples that could not be written to an export file",
            "rises: see the log; who reads that file lives on the old one"),
    HANDSHAKES(
            Type.COUNTER,
            "staplegate_handshakes_total",
            "listener, version, outcome",
            Appearance.LISTENER,
            "Handshakes that ended: `ok`, `resumed`, `alert_sent`, `alert_received`, `timeout`, `closed`",
            "`alert_sent` and `alert_received` rise: try `staplegate probe`; the log has a summary a minute"),
    HANDSHAKE_DURATION(
            Type.HISTOGRAM,
            "staplegate_handshake_duration_seconds",
            "listener",
            Appearance.LISTENER,
            "From accept to the end of each handshake that succeeded",
            "long for all: more cores; long for some: their links"),
    HANDSHAKE_STAPLES(
            Type.COUNTER,
            "staplegate_handshake_staples_total",
            "listener, kind",
            Appearance.LISTENER,
            "Full handshakes by what was stapled: `not_requested`, `none`, `leaf`, `chain` (every certificate sent)",
            "`none`: there is nothing to staple. `not_requested`: those devices do not check"),
    STAPLES_REJECTED(
            Type.COUNTER,
            "staplegate_staples_rejected_total",
            "listener",
            Appearance.LISTENER,
            "Handshakes that a device ended because of its staple (alert `bad_certificate_status_response`)",
            "rises: try a device of that kind with `staplegate probe`; wrong clock, or `statusScope: leaf` needed"),
    DEVICE_PATHS_REFUSED(
            Type.COUNTER,
            "staplegate_device_paths_refused_total",
            "listener, reason",
            Appearance.LISTENER,
            "Handshakes that were ended because of the device's certificates: `no_certificate`, `malformed`,"
                    + " `unknown_ca`, `bad_signature`, `expired`, `not_yet_valid`, `wrong_usage`, `weak` (key or"
                    + " digest), `not_a_ca`, `path_too_long`, `name_constraint`, `unsupported` (critical extension or"
                    + " policy), `unproven` (the device does not have the key)",
            "`unknown_ca`: a CA is missing in `trustAnchors`; `expired`: renew devices; others: an attack, or a"
                    + " bad batch"),
    DEVICE_CHECKS(
            Type.COUNTER,
            "staplegate_device_checks_total",
            "listener, outcome",
            Appearance.LISTENER,
            "Checks of devices' certificates behind a handshake: `good`, `good_in_grace`, `revoked`, `denied` (by the"
                    + " deny list), `not_checked`; and `unknown`, `no_source` and `unavailable` (nobody could say in"
                    + " time), each with `_allowed` or `_refused` behind it, as the policy is",
            "`unavailable_…`: CRL or responder of the devices' CA; `revoked`, `denied`: works as meant"),
    DEVICES_CUT_OFF(
            Type.COUNTER,
            "staplegate_devices_cut_off_total",
            "listener",
            Appearance.LISTENER,
            "Sessions that were ended because their device turned out to be revoked or denied",
            "none: works as meant"),
    DEVICE_CRL_THIS_UPDATE(
            Type.GAUGE,
            "staplegate_device_crl_this_update_seconds",
            "list",
            Appearance.HELD,
            "thisUpdate of a revocation list that devices are checked against, Unix seconds",
            "old: the CA publishes no newer list, or it cannot be fetched"),
    DEVICE_CRL_NEXT_UPDATE(
            Type.GAUGE,
            "staplegate_device_crl_next_update_seconds",
            "list",
            Appearance.HELD,
            "nextUpdate of a revocation list that devices are checked against, Unix seconds; by host, port and path, or"
                    + " file: those that are configured, and 100 that certificates name",
            "near: the CA publishes no newer list, or it cannot be fetched"),
    DEVICE_CRL_ENTRIES(
            Type.GAUGE,
            "staplegate_device_crl_entries",
            "list",
            Appearance.HELD,
            "Revoked certificates on it, each counted once",
            "falls to 0 at once: ask the CA"),
    DEVICE_CRL_BYTES(
            Type.GAUGE,
            "staplegate_device_crl_bytes",
            "list",
            Appearance.HELD,
            "Memory that it takes",
            "near half of the heap: raise `-Xmx`"),
    DEVICE_CRL_FAILURES(
            Type.COUNTER,
            "staplegate_device_crl_failures_total",
            "list",
            Appearance.LIST,
            "Times that it could not be fetched, read or verified; `other` for all that have no series",
            "rises: the log says why"),
    SESSIONS(
            Type.GAUGE,
            "staplegate_sessions",
            "listener",
            Appearance.LISTENER,
            "Sessions that are open",
            "near `maxConnections`: raise it, or add a proxy"),
    RELAYED_BYTES(
            Type.COUNTER,
            "staplegate_relayed_bytes_total",
            "listener, direction",
            Appearance.LISTENER,
            "Application bytes `from_device` and `to_device`",
            "none: for capacity"),
    CONNECTIONS_REFUSED(
            Type.COUNTER,
            "staplegate_connections_refused_total",
            "listener, reason",
            Appearance.LISTENER,
            "Connections refused at accept: `listener_limit`, `source_limit`",
            "rises: raise the limit, or look who connects so often"),
    HANDSHAKES_PENDING(
            Type.GAUGE,
            "staplegate_handshakes_pending",
            "listener",
            Appearance.LISTENER,
            "DTLS handshakes that have a valid cookie and are not over",
            "near `dtls.maxHandshakes`: a flood, or too little CPU"),
    COOKIES_SENT(
            Type.COUNTER,
            "staplegate_cookies_sent_total",
            "listener",
            Appearance.LISTENER,
            "ClientHellos over DTLS without a valid cookie, answered with a HelloVerifyRequest",
            "far above the handshakes: a flood with forged addresses, which costs nothing"),
    ADDRESS_CHANGES(
            Type.COUNTER,
            "staplegate_address_changes_total",
            "listener",
            Appearance.LISTENER,
            "Devices found at another address by their connection id",
            "none: NATs at work"),
    DATAGRAMS_DROPPED(
            Type.COUNTER,
            "staplegate_datagrams_dropped_total",
            "listener, reason",
            Appearance.LISTENER,
            "Datagrams dropped: `malformed`, `unknown_session` (no such id or address), `fragmented_hello` (before the"
                    + " cookie), `invalid_record` (not authentic, or a replay), `handshake_limit`,"
                    + " `handshake_source_limit`, `queue_full`, `too_large` (for the path)",
            "`queue_full`: more CPU; `too_large`: see `dtls.mtu`; limits: raise them"),
    BACKEND_REFUSALS(
            Type.COUNTER,
            "staplegate_backend_refusals_total",
            "backend",
            Appearance.BACKEND,
            "ICMP port unreachable from a UDP backend: nobody listens there",
            "rises: start the server"),
    BACKEND_FAILURES(
            Type.COUNTER,
            "staplegate_backend_failures_total",
            "backend",
            Appearance.BACKEND,
            "Sessions for which no address of the backend could be reached",
            "rises: the server, or the path to it"),
    READY(
            Type.GAUGE,
            "staplegate_ready",
            "",
            Appearance.ALWAYS,
            "1 where `/readyz` says that traffic may come, else 0",
            "0: which `must` identity has no staple? `staplegate staples`"),
    CONFIG_RELOADS(
            Type.COUNTER,
            "staplegate_config_reloads_total",
            "outcome",
            Appearance.ALWAYS,
            "Times that the configuration or a file it names was read again: `accepted`, `refused`",
            "`refused` rises: `staplegate check` says what is wrong"),
    CONFIG_LAST_RELOAD_SUCCESSFUL(
            Type.GAUGE,
            "staplegate_config_last_reload_successful",
            "",
            Appearance.ALWAYS,
            "1 where the last reload was accepted (or there was none), 0 where it was refused",
            "0: `staplegate check`, mend, `staplegate reload`, which says what came of it"),
    CONFIG_LAST_RELOAD_SUCCESS(
            Type.GAUGE,
            "staplegate_config_last_reload_success_seconds",
            "",
            Appearance.ALWAYS,
            "When the configuration in force was read, Unix seconds",
            "none: for comparing with the file's time"),
    BUILD_INFO(
            Type.INFO,
            "staplegate_build_info",
            "version, java",
            Appearance.ALWAYS,
            "1, with the version of Staplegate and of Java",
            "none");

    /** What a metric is to Prometheus; Micrometer adds a {@code _max} gauge to each histogram. */
    enum Type {
        COUNTER("counter"),
        GAUGE("gauge"),
        HISTOGRAM("histogram, and `_max`"),
        INFO("info");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final Type type;
    private final String fullName;
    private final String labels;
    private final Appearance appearance;
    private final String says;
    private final String advice;

    Metric(Type type, String fullName, String labels, Appearance appearance, String says, String advice) {
        this.type = type;
        this.fullName = fullName;
        this.labels = labels;
        this.appearance = appearance;
        this.says = says;
        this.advice = advice;
    }

    Type type() {
        return type;
    }

    /** As Prometheus shows it. */
    String fullName() {
        return fullName;
    }

    /** As the libraries want it: they add the suffix that Prometheus demands of counters and infos. */
    String baseName() {
        return switch (type) {
            case COUNTER -> withoutSuffix("_total");
            case INFO -> withoutSuffix("_info");
            case GAUGE, HISTOGRAM -> fullName;
        };
    }

    /** What its value means, as Prometheus shows it. */
    String help() {
        return says.replace("`", "");
    }

    /** The same in Markdown. */
    String says() {
        return says;
    }

    Appearance appearance() {
        return appearance;
    }

    /** What an operator does about it, in Markdown. */
    String advice() {
        return advice;
    }

    List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(", "));
    }

    private String withoutSuffix(String suffix) {
        return fullName.substring(0, fullName.length() - suffix.length());
    }
}
