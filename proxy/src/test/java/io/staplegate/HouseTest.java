package io.staplegate;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The house of DESIGN.md: which room may call which, and where each library lives. */
@AnalyzeClasses(packages = "io.staplegate", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
    /** Each room, and the rooms that it may call. */
    private static final Map<String, Set<String>> DOORS = Map.ofEntries(
            Map.entry("crypto", Set.of()),
            Map.entry("ocsp", Set.of("crypto")),
            Map.entry("config", Set.of()),
            Map.entry("telemetry", Set.of()),
            Map.entry("net", Set.of()),
            Map.entry("store", Set.of("telemetry")),
            Map.entry("fetch", Set.of("config", "ocsp", "telemetry")),
            Map.entry("identity", Set.of("config", "ocsp", "crypto", "telemetry")),
            Map.entry("relay", Set.of("config", "net", "telemetry")),
            Map.entry("staple", Set.of("identity", "fetch", "ocsp", "config", "telemetry", "store")),
            Map.entry("device", Set.of("identity", "fetch", "relay", "ocsp", "config", "telemetry", "store")),
            Map.entry(
                    "handshake",
                    Set.of("staple", "identity", "relay", "ocsp", "crypto", "config", "telemetry", "store")),
            Map.entry(
                    "tls",
                    Set.of("handshake", "staple", "device", "identity", "relay", "ocsp", "config", "telemetry", "net")),
            Map.entry(
                    "dtls",
                    Set.of("handshake", "staple", "device", "identity", "relay", "ocsp", "config", "telemetry", "net")),
            Map.entry("mirror", Set.of("staple", "device", "ocsp", "config", "telemetry", "net")),
            Map.entry("admin", Set.of("staple", "device", "identity", "fetch", "relay", "config", "telemetry", "net")),
            Map.entry("probe", Set.of("handshake", "ocsp", "config", "net")),
            Map.entry("demo", Set.of("net")));

    /** Each library, and the rooms that are its home. */
    private static final Map<String, Set<String>> HOMES = Map.ofEntries(
            Map.entry("io.micrometer..", Set.of("telemetry")),
            Map.entry("io.prometheus..", Set.of("telemetry")),
            Map.entry("java.net.http..", Set.of("fetch", "app")),
            Map.entry("picocli..", Set.of("app")),
            Map.entry("tools.jackson..", Set.of("config", "admin", "app", "relay")),
            Map.entry(
                    "com.github.benmanes.caffeine..",
                    Set.of("staple", "device", "mirror", "handshake", "fetch", "app")),
            Map.entry("ch.qos.logback..", Set.of("app")),
            Map.entry("com.amazon.corretto..", Set.of("crypto")),
            Map.entry(
                    "io.netty..",
                    Set.of("telemetry", "net", "tls", "dtls", "relay", "mirror", "admin", "demo", "probe")),
            Map.entry("org.bouncycastle.tls..", Set.of("handshake", "tls", "dtls", "probe")),
            Map.entry(
                    "org.bouncycastle..",
                    Set.of("crypto", "ocsp", "identity", "handshake", "tls", "dtls", "probe", "demo")));

    @ArchTest
    static void everyRoomIsOnTheList(JavaClasses house) {
        List<String> rooms = rooms(house)
                .map(HouseTest::room)
                .filter(room -> !room.equals("app"))
                .toList();
        assertThat(rooms).containsExactlyInAnyOrderElementsOf(DOORS.keySet());
    }

    @ArchTest
    static void callsGoThroughDoorsAlone(JavaClasses house) {
        DOORS.forEach((room, open) -> {
            String[] reachable = Stream.concat(Stream.of(room), open.stream())
                    .map(HouseTest::packageOf)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(packageOf(room))
                    .should()
                    .dependOnClassesThat(resideInAPackage("io.staplegate..").and(not(resideInAnyPackage(reachable))))
                    .because("a room calls downward, through the doors that its package-info names")
                    .check(house);
        });
    }

    @ArchTest
    static void eachLibraryHasOneHome(JavaClasses house) {
        HOMES.forEach((library, home) -> noClasses()
                .that()
                .resideOutsideOfPackages(home.stream().map(HouseTest::packageOf).toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because("its home is " + home)
                .check(house));
    }

    @ArchTest
    static void everyRoomIsNullMarkedAndSaysWhatItIs(JavaClasses house) {
        assertThat(rooms(house)).allMatch(room -> room.isAnnotatedWith(NullMarked.class));
    }

    @ArchTest
    static final ArchRule onlyTheRoofReadsTheClock = noClasses()
            .that()
            .resideOutsideOfPackages(packageOf("app"), packageOf("demo"))
            .should()
            .accessTargetWhere(readsTheClock())
            .because("time is a parameter");

    @ArchTest
    static final ArchRule onlyTheCommandLineWritesToStandardOutput =
            noClasses().that().resideOutsideOfPackage(packageOf("app")).should().accessField(System.class, "out");

    @ArchTest
    static final ArchRule onlyTheCommandLineEndsTheProcess = noClasses()
            .that()
            .resideOutsideOfPackage(packageOf("app"))
            .should()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule nothingWaitsBySleeping = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", java.time.Duration.class)
            .because("there is an event to wait for");

    @ArchTest
    static final ArchRule thereIsOneLog = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule namesAreNounsOfTheField =
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Base|Service)(\\$.*)?");

    @ArchTest
    static final ArchRule classesAreNotMadeToBeExtended = classes()
            .that()
            .areTopLevelClasses()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and(not(describe(
                    "package-info", (JavaClass type) -> type.getSimpleName().equals("package-info"))))
            .and(not(describe("sealed", (JavaClass type) -> type.reflect().isSealed())))
            .should()
            .haveModifier(JavaModifier.FINAL)
            .orShould()
            .haveModifier(JavaModifier.ABSTRACT);

    private static DescribedPredicate<JavaAccess<?>> readsTheClock() {
        return describe("reads the clock", access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getTarget().getName();
            return switch (name) {
                case "now" -> owner.startsWith("java.time.");
                case "currentTimeMillis" -> owner.equals("java.lang.System");
                case "system", "systemUTC", "systemDefaultZone" -> owner.startsWith("java.time.");
                default -> false;
            };
        });
    }

    private static Stream<JavaPackage> rooms(JavaClasses house) {
        return house.getPackage("io.staplegate").getSubpackages().stream();
    }

    private static String room(JavaPackage room) {
        String name = room.getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String packageOf(String room) {
        return "io.staplegate." + room + "..";
    }
}
