package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.ExternalProgram.Outcome;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests, as kustomize and Helm read them. */
final class ManifestsTest {
    private static final Path DEPLOY = Path.of(System.getProperty("staplegate.root"), "deploy");

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
        Outcome lint = helm("lint", "--strict");

        assertThat(lint.exit()).as(lint.output()).isZero();
    }

    @Test
    void theChartSetsWhatItsProbesAndVolumesNeed() throws Exception {
        Outcome rendered = helm("template");

        assertThat(rendered.exit()).as(rendered.output()).isZero();
        assertThat(rendered.output())
                .contains("bind: 0.0.0.0:9464", "directory: /var/lib/staplegate", "stapling: must");
    }

    @ParameterizedTest
    @ValueSource(strings = {"replica=3", "configuration.admin.bind=0.0.0.0:1", "ports[0].protocol=SCTP", "replicas=0"})
    void theChartRefusesValuesThatItDoesNotKnow(String value) throws Exception {
        Outcome refused = helm("template", "--set", value);

        assertThat(refused.exit()).as(refused.output()).isNotZero();
    }

    @Test
    void theChartTakesTheAlertsAsTheyAreForPrometheus() throws Exception {
        Outcome rendered = helm(
                "template",
                "--set",
                "prometheusRule.enabled=true",
                "--set-file",
                "prometheusRule.rules=" + DEPLOY.resolve("prometheus/alerts.yaml"));

        assertThat(rendered.exit()).as(rendered.output()).isZero();
        assertThat(rendered.output()).contains("kind: PrometheusRule", "alert: ");
    }

    private static String kustomized(String example) throws Exception {
        Outcome built =
                ExternalProgram.named("kubectl").run("kustomize", DEPLOY.resolve("kubernetes/examples/" + example));
        assertThat(built.exit()).as(built.output()).isZero();
        return built.output();
    }

    private static Outcome helm(String command, Object... options) throws Exception {
        Stream<Object> chart = command.equals("lint") ? Stream.of(command) : Stream.of(command, "edge");
        return ExternalProgram.named("helm")
                .run(Stream.concat(
                                Stream.concat(chart, Stream.of(DEPLOY.resolve("helm/staplegate"))),
                                Arrays.stream(options))
                        .toArray());
    }
}
