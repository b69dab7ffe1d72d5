package io.staplegate.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The name, type, labels and meaning of each metric of ours: the one place that has them, also for the README. */
enum Metric {
    STAPLE_STATUS(
            Type.GAUGE,
            "staplegate_staple_status",
            "identity, certificate, status",
            "1 for what is known of the certificate now (`good`, `revoked`, `unknown`, `absent`), 0 for the others"),
    STAPLE_THIS_UPDATE(
            Type.GAUGE,
            "staplegate_staple_this_update_seconds",
            "identity, certificate",
            "thisUpdate of the staple, Unix seconds; no series without a staple"),
    STAPLE_NEXT_UPDATE(
            Type.GAUGE,
            "staplegate_staple_next_update_seconds",
            "identity, certificate",
            "nextUpdate of the staple, Unix seconds; no series without a staple"),
    STAPLE_REFRESHES(
            Type.COUNTER,
            "staplegate_staple_refreshes_total",
            "identity, outcome",
            "Refreshes that ended: `updated`, `unchanged`, `failed`"),
    RESPONDER_REQUESTS(
            Type.HISTOGRAM,
            "staplegate_responder_requests_seconds",
            "responder, outcome",
            "Exchanges with a responder, redirects and second tries included: `ok`, or why there was no answer"),
    REFRESHES_BY_RUNG(
            Type.COUNTER,
            "staplegate_refreshes_by_rung_total",
            "rung",
            "Looks for a newer answer, by the rung of the ladder that each ended on: `responder` (the first),"
                    + " `next_responder`, `other_method` (GET or POST), `other_hash` (of the CertID), `upstream`,"
                    + " `imported`, `last_good` (nobody answered, and what is held is valid), `nothing`"),
    CIRCUIT_OPEN(
            Type.GAUGE,
            "staplegate_responder_circuit_open",
            "responder",
            "1 while a responder has failed so often that it is only probed, 0 for the others"),
    CLOCK_OFFSET(
            Type.GAUGE,
            "staplegate_clock_offset_seconds",
            "",
            "How far the clock is behind what responders say (their Date headers, and when they signed); less than 0:"
                    + " ahead; no series before one has answered"),
    MIRROR_REQUESTS(
            Type.COUNTER,
            "staplegate_mirror_requests_total",
            "outcome",
            "Requests to the mirror: `cached`, `fetched`, `not_modified`, `try_later`, `unauthorized` (of another CA),"
                    + " `malformed`, `limited`, `crl`, `not_found`"),
    STORE_FAILURES(
            Type.COUNTER,
            "staplegate_store_failures_total",
            "",
            "Staples that could not be written to, or read from, the state directory"),
    EXPORT_FAILURES(
            Type.COUNTER,
            "staplegate_export_failures_total",
            "identity",
            "Staples that could not be written to an export file"),
    HANDSHAKES(
            Type.COUNTER,
            "staplegate_handshakes_total",
            "listener, version, outcome",
            "Handshakes that ended: `ok`, `resumed`, `alert_sent`, `alert_received`, `timeout`, `closed`"),
    HANDSHAKE_DURATION(
            Type.HISTOGRAM,
            "staplegate_handshake_duration_seconds",
            "listener",
            "From accept to the end of each handshake that succeeded"),
    HANDSHAKE_STAPLES(
            Type.COUNTER,
            "staplegate_handshake_staples_total",
            "listener, kind",
            "Full handshakes by what was stapled: `not_requested`, `none`, `leaf`, `chain` (every certificate sent)"),
    STAPLES_REJECTED(
            Type.COUNTER,
            "staplegate_staples_rejected_total",
            "listener",
            "Handshakes that a device ended because of its staple (alert `bad_certificate_status_response`)"),
    DEVICE_PATHS_REFUSED(
            Type.COUNTER,
            "staplegate_device_paths_refused_total",
            "listener, reason",
            "Handshakes that were ended because of the device's certificates: `no_certificate`, `malformed`,"
                    + " `unknown_ca`, `bad_signature`, `expired`, `not_yet_valid`, `wrong_usage`, `weak` (key or"
                    + " digest), `not_a_ca`, `path_too_long`, `name_constraint`, `unsupported` (critical extension or"
                    + " policy), `unproven` (the device does not have the key)"),
    DEVICE_CHECKS(
            Type.COUNTER,
            "staplegate_device_checks_total",
            "listener, outcome",
            "Checks of devices' certificates behind a handshake: `good`, `good_in_grace`, `revoked`, `denied` (by the"
                    + " deny list), `not_checked`; and `unknown`, `no_source` and `unavailable` (nobody could say in"
                    + " time), each with `_allowed` or `_refused` behind it, as the policy is"),
    DEVICES_CUT_OFF(
            Type.COUNTER,
            "staplegate_devices_cut_off_total",
            "listener",
            "Sessions that were ended because their device turned out to be revoked or denied"),
    DEVICE_CRL_NEXT_UPDATE(
            Type.GAUGE,
            "staplegate_device_crl_next_update_seconds",
            "list",
            "nextUpdate of a revocation list that devices are checked against, Unix seconds; by host, port and path, or"
                    + " file: those that are configured, and 100 that certificates name"),
    DEVICE_CRL_ENTRIES(
            Type.GAUGE, "staplegate_device_crl_entries", "list", "Revoked certificates on it, each counted once"),
    DEVICE_CRL_BYTES(Type.GAUGE, "staplegate_device_crl_bytes", "list", "Memory that it takes"),
    DEVICE_CRL_FAILURES(
            Type.COUNTER,
            "staplegate_device_crl_failures_total",
            "list",
            "Times that it could not be fetched, read or verified; `other` for all that have no series"),
    SESSIONS(Type.GAUGE, "staplegate_sessions", "listener", "Sessions that are open"),
    RELAYED_BYTES(
            Type.COUNTER,
            "staplegate_relayed_bytes_total",
            "listener, direction",
            "Application bytes `from_device` and `to_device`"),
    CONNECTIONS_REFUSED(
            Type.COUNTER,
            "staplegate_connections_refused_total",
            "listener, reason",
            "Connections refused at accept: `listener_limit`, `source_limit`"),
    HANDSHAKES_PENDING(
            Type.GAUGE,
            "staplegate_handshakes_pending",
            "listener",
            "DTLS handshakes that have a valid cookie and are not over"),
    COOKIES_SENT(
            Type.COUNTER,
            "staplegate_cookies_sent_total",
            "listener",
            "ClientHellos over DTLS without a valid cookie, answered with a HelloVerifyRequest"),
    ADDRESS_CHANGES(
            Type.COUNTER,
            "staplegate_address_changes_total",
            "listener",
            "Devices found at another address by their connection id"),
    DATAGRAMS_DROPPED(
            Type.COUNTER,
            "staplegate_datagrams_dropped_total",
            "listener, reason",
            "Datagrams dropped: `malformed`, `unknown_session` (no such id or address), `fragmented_hello` (before the"
                    + " cookie), `invalid_record` (not authentic, or a replay), `handshake_limit`,"
                    + " `handshake_source_limit`, `queue_full`, `too_large` (for the path)"),
    BACKEND_REFUSALS(
            Type.COUNTER,
            "staplegate_backend_refusals_total",
            "backend",
            "ICMP port unreachable from a UDP backend: nobody listens there"),
    BACKEND_FAILURES(
            Type.COUNTER,
            "staplegate_backend_failures_total",
            "backend",
            "Sessions for which no address of the backend could be reached"),
    CONFIG_RELOADS(
            Type.COUNTER,
            "staplegate_config_reloads_total",
            "outcome",
            "Times that the configuration or a file it names was read again: `accepted`, `refused`"),
    CONFIG_LAST_RELOAD_SUCCESSFUL(
            Type.GAUGE,
            "staplegate_config_last_reload_successful",
            "",
            "1 where the last reload was accepted (or there was none), 0 where it was refused"),
    CONFIG_LAST_RELOAD_SUCCESS(
            Type.GAUGE,
            "staplegate_config_last_reload_success_seconds",
            "",
            "When the configuration in force was read, Unix seconds"),
    BUILD_INFO(Type.INFO, "staplegate_build_info", "version, java", "1, with the version of Staplegate and of Java");

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
    }

    private final Type type;
    private final String fullName;
    private final String labels;
    private final String help;

    Metric(Type type, String fullName, String labels, String help) {
        this.type = type;
        this.fullName = fullName;
        this.labels = labels;
        this.help = help;
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

    String help() {
        return help.replace("`", "");
    }

    List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(", "));
    }

    /** The README's table. */
    static String markdownTable() {
        return Arrays.stream(values())
                .map(Metric::markdownRow)
                .collect(Collectors.joining("\n", "| metric | type | labels | says |\n|---|---|---|---|\n", "\n"));
    }

    private String markdownRow() {
        String labelText = labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        return "| `" + fullName + "` | " + type.text + " | " + labelText + " | " + help + " |";
    }

    private String withoutSuffix(String suffix) {
        return fullName.substring(0, fullName.length() - suffix.length());
    }
}
