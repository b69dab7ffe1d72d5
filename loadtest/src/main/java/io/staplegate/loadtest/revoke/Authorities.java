package io.staplegate.loadtest.revoke;

import io.netty.channel.ChannelHandlerContext;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.loadtest.device.DeviceCertificates;
import java.math.BigInteger;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What two CAs say of their devices over HTTP, the one by OCSP, the other by a list, signed anew for each who asks; and
 * when somebody was first told that a device is revoked. Safe for use by any thread.
 */
final class Authorities implements Responder.Answer {
    /** The path of the list. */
    static final String LIST = "/devices.crl";

    private static final int KEY_COMPROMISE = 1;

    private final Duration validity;
    private final InstantSource clock;
    private final StatusBook book;
    private final Set<BigInteger> revoked = ConcurrentHashMap.newKeySet();
    private final List<X509Certificate> listed = new CopyOnWriteArrayList<>();
    private final Map<BigInteger, Long> told = new ConcurrentHashMap<>();
    private volatile @Nullable DeviceCertificates byList;
    private volatile @Nullable Long listTold;
    private long number;

    /** {@code validity}: of each answer and each list. */
    Authorities(Duration validity, InstantSource clock) {
        this.validity = validity;
        this.clock = clock;
        this.book = new StatusBook(validity, clock);
    }

    /** Begins to answer. */
    void open(DeviceCertificates byOcsp, DeviceCertificates byList) {
        book.open(byOcsp.authority());
        this.byList = byList;
    }

    /** From now on a device is revoked, by OCSP. */
    void revoke(X509Certificate device) {
        revoked.add(device.getSerialNumber());
        book.revoke(device);
    }

    /** From now on devices are on the list. */
    void list(List<X509Certificate> devices) {
        listed.addAll(devices);
    }

    /** When an answer first said that a device is revoked: {@link System#nanoTime}; null: not yet. */
    @Nullable
    Long toldOf(X509Certificate device) {
        return told.get(device.getSerialNumber());
    }

    /** The same for the list. */
    @Nullable
    Long listTold() {
        return listTold;
    }

    @Override
    public void give(Responder.Request request, ChannelHandlerContext context) {
        if (URI.create(request.uri()).getPath().equals(LIST)) {
            byte[] list = list();
            if (listTold == null && !listed.isEmpty()) {
                listTold = System.nanoTime();
            }
            var _ = context.writeAndFlush(Responder.response(list));
            return;
        }
        byte[] answer = book.answer(request.ocsp());
        StatusBook.asked(request.ocsp())
                .filter(asked -> revoked.contains(asked.getSerialNumber()))
                .ifPresent(asked -> told.putIfAbsent(asked.getSerialNumber(), System.nanoTime()));
        var _ = context.writeAndFlush(Responder.response(answer));
    }

    private byte[] list() {
        DeviceCertificates devices = byList;
        if (devices == null) {
            return new byte[0];
        }
        number++;
        IssuedCrl list =
                IssuedCrl.of(devices.authority(), clock.instant(), validity).number(number);
        for (X509Certificate device : listed) {
            list = list.revoke(device.getSerialNumber(), KEY_COMPROMISE);
        }
        return list.encode();
    }
}
