package io.staplegate.loadtest.wire;

/** The cipher suites that are weighed, and what clients call them. */
enum Suite {
    GCM("ECDHE-ECDSA-AES128-GCM-SHA256", "AES-128-GCM"),
    CCM_8("ECDHE-ECDSA-AES128-CCM8", "AES-128-CCM-8"),
    PSK_CCM_8("PSK-AES128-CCM8", "AES-128-CCM-8");

    private final String openssl;
    private final String gnutls;

    Suite(String openssl, String gnutls) {
        this.openssl = openssl;
        this.gnutls = gnutls;
    }

    String openssl() {
        return openssl;
    }

    /** The cipher alone: the way of exchanging keys goes beside it. */
    String gnutls() {
        return gnutls;
    }
}
