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
import org.junit.jupiter.params.provider.CsvSource;
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
                .contains("bind: 0.0.0.0:9464", "directory: /var/lib/staplegate", "stapling: auto");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replica=3",
                "configuration.admin.bind=0.0.0.0:1",
                "configuration.shutdown.drainTimeout=soon",
                "ports[0].protocol=SCTP",
                "replicas=0",
                "stateSize=lots",
                "image.tag=a b",
                "podMonitor.interval=soon",
                "networkPolicy.backends.app=mosquitto"
            })
    void theChartRefusesValuesThatItDoesNotKnow(String value) throws Exception {
        ExternalProgram.Outcome refused = helm("template", "--set", value);

        assertThat(refused.exit()).as(refused.output()).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "123", "-mqtts", "mqtts-", "mq--tts", "sixteen-letters-"})
    void theChartRefusesNamesOfPortsThatKubernetesOrItselfWouldRefuse(String name) throws Exception {
        ExternalProgram.Outcome refused = helm(
                "template",
                "--set-json",
                "ports=[{\"name\":\"%s\",\"port\":8883,\"protocol\":\"TCP\"}]".formatted(name));

        assertThat(refused.exit()).as(refused.output()).isNotZero();
        assertThat(refused.output()).contains("/ports/0/name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"service", "networkPolicy", "adminPort", "configuration", "podMonitor"})
    void theChartNamesTheValueThatIsNull(String value) throws Exception {
        ExternalProgram.Outcome refused = helm("template", "--set", value + "=null");

        assertThat(refused.exit()).as(refused.output()).isNotZero();
        assertThat(refused.output()).contains("missing property '" + value + "'");
    }

    @Test
    void theMonitorsJobIsTheOneThatTheAlertsAskFor() throws Exception {
        String rendered = rendered("--set", "podMonitor.enabled=true,podMonitor.labels.release=prometheus");

        assertThat(Files.readString(DEPLOY.resolve("prometheus/alerts.yaml"))).contains("up{job=\"staplegate\"}");
        assertThat(rendered)
                .contains("jobLabel: app.kubernetes.io/name", "release: prometheus")
                .containsPattern("(?s)template:\\s+metadata:\\s+labels:[^{]*app.kubernetes.io/name: staplegate\n");
    }

    @ParameterizedTest
    @CsvSource({"0s, 20", "1500ms, 22", "20s, 40", "10m, 620"})
    void thePodsGraceIsLongerThanTheSleepAndTheDrain(String drain, int grace) throws Exception {
        assertThat(rendered("--set", "configuration.shutdown.drainTimeout=" + drain))
                .contains("sleep: { seconds: 10 }", "terminationGracePeriodSeconds: " + grace + "\n");
    }

    @Test
    void theEdgeSleepsBeforeItsListenersClose() throws Exception {
        assertThat(kustomized("fleet")).containsPattern("preStop:\\s+sleep:\\s+seconds: 10");
    }

    @Test
    void aBackendsOwnLabelTakesThePlaceOfTheDefaultOne() throws Exception {
        assertThat(rendered("--set", "networkPolicy.backends.matchLabels.app=mosquitto"))
                .contains("app: mosquitto")
                .doesNotContain("staplegate.example/backend");
        assertThat(rendered()).contains("staplegate.example/backend: \"true\"", "metadata.name: monitoring");
    }

    @Test
    void namesThatYamlWouldReadAsSomethingElseStayNames() throws Exception {
        assertThat(rendered("--name-template", "123", "--set-string", "certificateSecret=123,adminSecret=true"))
                .contains(
                        "secretName: \"123\"", "secretName: \"true\"", "instance: \"123\"", "name: \"staplegate-123\"");
    }

    @Test
    void aLongReleaseHasNamesThatAServiceMayHave() throws Exception {
        assertThat(rendered("--name-template", "a".repeat(53)))
                .contains("name: \"" + "a".repeat(53) + "-staplegat\"")
                .doesNotContain("-staplegate\"");
    }

    @Test
    void theChartTakesWhatPodsUsuallyNeed() throws Exception {
        Path values = Files.writeString(folder.resolve("values.yaml"), """
                extraVolumes: [{ name: device-ca, configMap: { name: devices } }]
                extraVolumeMounts: [{ name: device-ca, mountPath: /etc/devices }]
                nodeSelector: { disk: fast }
                tolerations: [{ key: edge, operator: Exists }]
                affinity: { nodeAffinity: {} }
                imagePullSecrets: [{ name: registry }]
                podAnnotations: { mesh: "off" }
                podLabels: { team: meters, app.kubernetes.io/name: other }
                networkPolicy: { extraEgress: [{ ports: [{ port: 8080, protocol: TCP }] }] }
                """);

        assertThat(rendered("--values", values))
                .contains("name: devices", "mountPath: /etc/devices", "disk: fast", "key: edge", "nodeAffinity: {}")
                .contains("name: registry", "mesh: \"off\"", "team: meters", "port: 8080")
                .doesNotContain("name: other");
    }

    @Test
    void theReadmeMakesTheNamespaceOfTheExamplesFirst() throws Exception {
        String readme = Files.readString(DEPLOY.resolveSibling("README.md"));

        assertThat(kustomized("mosquitto")).contains("namespace: meters");
        assertThat(readme)
                .containsSubsequence(
                        "kubectl create namespace meters",
                        "kubectl -n meters create secret generic staplegate-certificate",
                        "kubectl -n meters create secret generic staplegate-admin",
                        "kubectl apply -k deploy/kubernetes/examples/mosquitto");
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

    private static String rendered(Object... options) throws Exception {
        ExternalProgram.Outcome rendered = helm("template", options);
        assertThat(rendered.exit()).as(rendered.output()).isZero();
        return rendered.output();
    }

    private static ExternalProgram.Outcome helm(String command, Object... options) throws Exception {
        boolean named = command.equals("lint") || Arrays.asList(options).contains("--name-template");
        Stream<Object> chart = named ? Stream.of(command) : Stream.of(command, "edge");
        return ExternalProgram.named("helm")
                .run(Stream.concat(
                                Stream.concat(chart, Stream.of(DEPLOY.resolve("helm/staplegate"))),
                                Arrays.stream(options))
                        .toArray());
    }
}
