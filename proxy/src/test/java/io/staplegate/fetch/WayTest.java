package io.staplegate.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R9 and R18: which way, and how a URL carries a request. */
final class WayTest {
    private static final byte[] REQUEST = {(byte) 0xfb, (byte) 0xff, 0x30, 0x01}; // +/8wAQ==

    @ParameterizedTest
    @CsvSource({
        "http://ca.example,                 http://ca.example/%2B%2F8wAQ%3D%3D",
        "http://ca.example/,                http://ca.example/%2B%2F8wAQ%3D%3D",
        "http://ca.example:8080/ocsp,       http://ca.example:8080/ocsp/%2B%2F8wAQ%3D%3D",
        "http://ca.example/a%20b/,          http://ca.example/a%20b/%2B%2F8wAQ%3D%3D",
        "http://ca.example/ocsp?ca=1%2F2,   http://ca.example/ocsp/%2B%2F8wAQ%3D%3D?ca=1%2F2",
        "https://[::1]:8080/x,              https://[::1]:8080/x/%2B%2F8wAQ%3D%3D",
    })
    void theRequestIsOneMoreSegmentOfThePath(URI responder, URI expected) {
        assertThat(Way.urlOf(responder, REQUEST)).isEqualTo(expected);
    }

    @Test
    void twoHundredAndFiftyFiveBytesOfUrlGoByGetAndOneMoreByPost() {
        byte[] request = new byte[150]; // 200 characters of base64, none to encode
        String base = "http://ca.example/";
        String just = base + "x".repeat(255 - 200 - 1 - base.length());

        assertThat(Way.urlOf(URI.create(just), request).toString()).hasSize(255);
        assertThat(Way.forRequest(URI.create(just), request)).isEqualTo(Way.GET);
        assertThat(Way.forRequest(URI.create(just + "x"), request)).isEqualTo(Way.POST);
    }
}
