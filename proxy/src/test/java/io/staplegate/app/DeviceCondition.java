package io.staplegate.app;

import io.staplegate.config.ClientAuthConfig.WithoutSource;
import io.staplegate.demo.Authority;
import io.staplegate.handshake.DeviceCredentials;
import io.staplegate.testing.DeviceAuthority.Holder;
import io.staplegate.testing.DeviceFlaw;
import org.jspecify.annotations.Nullable;

/** Everything that may be so with a device that comes, and the moment at which it comes. */
enum DeviceCondition {
    GOOD("good by OCSP", (scene, name) -> scene.device(name, scene.responder())),
    GOOD_BY_CRL("good by CRL", (scene, name) -> {
        scene.publish("/" + name, scene.list());
        return scene.device(name, "/" + name);
    }),
    REVOKED_BY_OCSP("revoked by OCSP", (scene, name) -> {
        Holder device = scene.device(name, scene.responder());
        scene.book().revoke(device.chain().getFirst());
        return device;
    }),
    REVOKED_BY_CRL("revoked by CRL", (scene, name) -> {
        Holder device = scene.device(name, "/" + name);
        scene.publish("/" + name, scene.list().revoke(device.chain().getFirst().getSerialNumber()));
        return device;
    }),
    REVOKED_BY_DELTA("revoked by delta CRL", (scene, name) -> {
        Holder device = scene.device(name, "/" + name);
        String delta = "/" + name + "-delta";
        scene.publish("/" + name, scene.list().number(1).deltasAt(scene.url(delta)));
        scene.publish(
                delta,
                scene.list()
                        .number(2)
                        .deltaTo(1)
                        .revoke(device.chain().getFirst().getSerialNumber()));
        return device;
    }),
    DENIED("on the deny list, good by OCSP", (scene, _) -> scene.device(DeviceCondition.STOLEN, scene.responder())),
    UNKNOWN("unknown to its responder", (scene, name) -> {
        Holder device = scene.device(name, scene.responder());
        scene.book().forget(device.chain().getFirst());
        return device;
    }),
    NO_SOURCE("no source", (scene, name) -> scene.device(name, draft -> {})),
    NO_SOURCE_REFUSED("no source, with `whenNoSource: refuse`", (scene, name) -> scene.device(name, draft -> {})),
    DOWN_COLD("responder down and cold", (scene, name) -> scene.device(name, scene.mortal())),
    DOWN_WARM("responder down and warm", (scene, name) -> scene.device(name, scene.mortal())),
    DOWN_IN_GRACE("down since beyond nextUpdate, within grace", (scene, name) -> scene.device(name, scene.mortal())),
    DOWN_BEYOND_GRACE("down beyond grace", (scene, name) -> scene.device(name, scene.mortal())),
    EXPIRED("expired", flawed(DeviceFlaw.EXPIRED)),
    NOT_YET_VALID("not yet valid", flawed(DeviceFlaw.NOT_YET_VALID)),
    WRONG_USAGE("wrong EKU", flawed(DeviceFlaw.FOR_SERVERS)),
    UNKNOWN_CA("wrong CA", flawed(DeviceFlaw.UNKNOWN_CA)),
    PATH_TOO_LONG("path too long", flawed(DeviceFlaw.PATH_LENGTH)),
    NAME_CONSTRAINT("name constraint", flawed(DeviceFlaw.NAME_CONSTRAINT)),
    WEAK("weak key", flawed(DeviceFlaw.WEAK_KEY)),
    UNPROVEN("bad CertificateVerify", (scene, name) -> scene.device(name, scene.responder())),
    NO_CERTIFICATE("no certificate", (scene, name) -> scene.device(name, draft -> {}));

    /** What all devices are called that are on the deny list. */
    static final String STOLEN = "stolen";

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that capture nothing mutable
    private final Maker maker;

    /** When the device comes that a row is about. */
    enum Moment {
        AT_ONCE,
        /** The responder is dead, and its last answers have ended. */
        IN_GRACE,
        BEYOND_GRACE
    }

    private interface Maker {
        Holder make(DeviceScene scene, String name);
    }

    DeviceCondition(String title, Maker maker) {
        this.title = title;
        this.maker = maker;
    }

    private static Maker flawed(DeviceFlaw flaw) {
        return (scene, _) -> flaw.device(scene.root());
    }

    String title() {
        return title;
    }

    /** Whether the device has been here, with a good answer, before its responder died. */
    boolean isWarm() {
        return this == DOWN_WARM || this == DOWN_IN_GRACE || this == DOWN_BEYOND_GRACE;
    }

    Moment moment() {
        return switch (this) {
            case DOWN_IN_GRACE -> Moment.IN_GRACE;
            case DOWN_BEYOND_GRACE -> Moment.BEYOND_GRACE;
            default -> Moment.AT_ONCE;
        };
    }

    /** What its listener does with devices that have no source. */
    WithoutSource whenNoSource() {
        return this == NO_SOURCE_REFUSED ? WithoutSource.REFUSE : WithoutSource.ALLOW;
    }

    /** Another such device, as it shows itself; null: it has nothing to show. */
    @Nullable
    DeviceCredentials device(DeviceScene scene, String name) {
        DeviceCredentials own = new DeviceCredentials(maker.make(scene, name));
        return switch (this) {
            case NO_CERTIFICATE -> null;
            case UNPROVEN -> own.provenWith(Authority.newKeys("EC"));
            default -> own;
        };
    }
}
