package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests, as kustomize and Helm read them. */
final class ManifestsTest {
    private static final Path DEPLOY = Path.of(System.getProperty("staplegate.root"), "deploy");

    @TempDir
    private Path folder;

    @Test
    void aSidecarStartsBeforeItsServerAndMayWriteToItsStateAlone() throws Exception {
        String manifests = kustomized("mosquitto");

        assertThat(manifests)
                .contains("restartPolicy: Always", "readOnlyRootFilesystem: true", "runAsNonRoot: true")
                .contains("name: mosquitto", "mountPath: /var/lib/staplegate")
                .doesNotContain("name: any");
    }

    @Test
    void theEdgeHasABudgetAPolicyAndTheConfigurationOfItsOverlay() throws Exception {
        assertThat(kustomized("fleet"))
                .contains("kind: PodDisruptionBudget", "kind: NetworkPolicy", "bind: 0.0.0.0:5684", "stapling: must")
                .contains("image: registry.example/staplegate:0.1.0");
    }

    @Test
    void theChartPassesItsOwnLint() throws Exception {
        ExternalProgram.Outcome lint = helm("lint", "--strict");

        assertThat(lint.exit()).as(lint.output()).isZero();
    }

    @Test
    void theChartSetsWhatItsProbesAndVolumesNeed() throws Exception {
        ExternalProgram.Outcome rendered = helm("template");

        assertThat(rendered.exit()).as(rendered.output()).isZero();
        assertThat(rendered.output())
                .contains("bind: 0.0.0.0:9464", "directory: /var/lib/staplegate", "stapling: must");
    }

    @ParameterizedTest
    @ValueSource(strings = {"replica=3", "configuration.admin.bind=0.0.0.0:1", "ports[0].protocol=SCTP", "replicas=0"})
    void theChartRefusesValuesThatItDoesNotKnow(String value) throws Exception {
        ExternalProgram.Outcome refused = helm("template", "--set", value);

        assertThat(refused.exit()).as(refused.output()).isNotZero();
    }

    @Test
    void theChartTakesTheAlertsAsTheyAreForPrometheus() throws Exception {
        ExternalProgram.Outcome rendered = helm(
                "template",
                "--set",
                "prometheusRule.enabled=true",
                "--set-file",
                "prometheusRule.rules=" + DEPLOY.resolve("prometheus/alerts.yaml"));

        assertThat(rendered.exit()).as(rendered.output()).isZero();
        assertThat(rendered.output()).contains("kind: PrometheusRule", "alert: ");
    }

    @Test
    void everyConfigurationInThemPassesTheCheck() throws Exception {
        assertPassesTheCheck(kustomized("mosquitto"));
        assertPassesTheCheck(kustomized("fleet"));
        assertPassesTheCheck(helm("template").output());
    }

    /** With the demo's certificates in the Secrets' places. */
    private void assertPassesTheCheck(String manifests) throws Exception {
        List<String> configurations = configurations(manifests).toList();
        assertThat(configurations).hasSize(1);
        try (Site site = Site.in(folder)) {
            Path token = Files.writeString(folder.resolve("token"), "0123456789abcdef0123456789abcdef");
            Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("r--r-----"));
            Map<String, Path> places = Map.of(
                    "/run/secrets/staplegate/certificate/tls.crt",
                            site.directory().chain(),
                    "/run/secrets/staplegate/certificate/tls.key", folder.resolve("server.key"),
                    "/run/secrets/staplegate/certificate/ca.crt",
                            site.directory().ca(),
                    "/run/secrets/staplegate/admin/token", token,
                    "/var/lib/staplegate", folder.resolve("state"));
            String configuration = configurations.getFirst();
            for (Map.Entry<String, Path> place : places.entrySet()) {
                assertThat(configuration).contains(place.getKey());
                configuration =
                        configuration.replace(place.getKey(), place.getValue().toString());
            }
            Files.writeString(site.configuration(), configuration);

            Outcome check = Outcome.of("check", "--config", site.configuration());

            assertThat(check.err()).isEmpty();
            assertThat(check.exit()).isZero();
        }
    }

    /** What is for Staplegate to read in the ConfigMaps. */
    private static Stream<String> configurations(String manifests) {
        Iterable<Object> documents = new Load(LoadSettings.builder().build()).loadAllFromString(manifests);
        return StreamSupport.stream(documents.spliterator(), false)
                .filter(Map.class::isInstance)
                .map(document -> ((Map<?, ?>) document).get("data"))
                .filter(Map.class::isInstance)
                .map(data -> ((Map<?, ?>) data).get("staplegate.yaml"))
                .filter(Objects::nonNull)
                .map(Object::toString);
    }

    private static String kustomized(String example) throws Exception {
        ExternalProgram.Outcome built =
                ExternalProgram.named("kubectl").run("kustomize", DEPLOY.resolve("kubernetes/examples/" + example));
        assertThat(built.exit()).as(built.output()).isZero();
        return built.output();
    }

    private static ExternalProgram.Outcome helm(String command, Object... options) throws Exception {
        Stream<Object> chart = command.equals("lint") ? Stream.of(command) : Stream.of(command, "edge");
        return ExternalProgram.named("helm")
                .run(Stream.concat(
                                Stream.concat(chart, Stream.of(DEPLOY.resolve("helm/staplegate"))),
                                Arrays.stream(options))
                        .toArray());
    }
}
