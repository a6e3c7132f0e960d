// SPDX-License-Identifier: Apache-2.0
package io.holdfast.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

/** The manifests, as far as they can be checked without a cluster. {@link ImageIT} runs a node as they say. */
class KubernetesTest {

    private static final String MODELS = "io.kubernetes.client.openapi.models.V1";
    private static final Pattern VERSION = Pattern.compile("(?m)^  <version>([^<]+)</version>$");

    private static JsonNode pod() throws IOException {
        return DeployFiles.manifest("Deployment").at("/spec/template");
    }

    private static JsonNode container() throws IOException {
        return pod().at("/spec/containers/0");
    }

    private static JsonNode variable(String name) throws IOException {
        return container()
                .get("env")
                .valueStream()
                .filter(variable -> variable.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** By the classes that Kubernetes generates from its API. */
    private static void checkFields(JsonNode document) throws Exception {
        try {
            Class.forName(MODELS + document.path("kind").asString())
                    .getMethod("fromJson", String.class)
                    .invoke(null, document.toString());
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(e.getCause());
        }
    }

    @Test
    void manifestsHaveOnlyFieldsThatKubernetesKnows() throws Exception {
        List<JsonNode> documents = DeployFiles.yaml("kubernetes/holdfast.yaml");

        assertThat(documents)
                .extracting(document -> document.path("apiVersion").asString() + " "
                        + document.path("kind").asString())
                .containsExactly("apps/v1 Deployment", "v1 Service", "policy/v1 PodDisruptionBudget");
        assertThat(documents).allSatisfy(document -> assertThatNoException().isThrownBy(() -> checkFields(document)));
    }

    @Test
    void selectorsFindThePodsAndTheService() throws IOException {
        JsonNode labels = pod().at("/metadata/labels");
        JsonNode service = DeployFiles.manifest("Service");
        JsonNode monitor = DeployFiles.yaml("kubernetes/service-monitor.yaml").getFirst();

        assertThat(labels.isEmpty()).isFalse();
        assertThat(List.of(
                        DeployFiles.manifest("Deployment").at("/spec/selector/matchLabels"),
                        pod().at("/spec/topologySpreadConstraints/0/labelSelector/matchLabels"),
                        service.at("/spec/selector"),
                        DeployFiles.manifest("PodDisruptionBudget").at("/spec/selector/matchLabels")))
                .allSatisfy(selector -> assertThat(selector).isEqualTo(labels));
        assertThat(monitor.at("/spec/selector/matchLabels")).isEqualTo(service.at("/metadata/labels"));
    }

    @Test
    void portsAreThoseOfTheContainer() throws IOException {
        List<String> container = container()
                .get("ports")
                .valueStream()
                .map(port -> port.get("name").asString())
                .toList();
        List<JsonNode> service =
                DeployFiles.manifest("Service").at("/spec/ports").valueStream().toList();

        assertThat(container()
                        .get("ports")
                        .valueStream()
                        .map(port -> port.get("containerPort").asInt()))
                .containsExactly(8080, 8888, 8889);
        assertThat(service)
                .extracting(port -> port.get("targetPort").asString())
                .hasSameElementsAs(container);
        assertThat(service)
                .extracting(port -> port.get("name").asString())
                .contains(DeployFiles.yaml("kubernetes/service-monitor.yaml")
                        .getFirst()
                        .at("/spec/endpoints/0/port")
                        .asString());
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container().at("/" + probe + "/httpGet/port").asString())
                    .as(probe)
                    .isIn(container);
        }
    }

    @Test
    void podHasTheTimeToDrain() throws IOException {
        Duration given = Duration.ofSeconds(
                pod().at("/spec/terminationGracePeriodSeconds").asInt());
        Duration before = Duration.ofSeconds(
                container().at("/lifecycle/preStop/exec/command/1").asInt());
        Duration window = DurationStyle.detectAndParse(
                variable("HOLDFAST_DRAIN_WINDOW").get("value").asString());

        assertThat(given).isGreaterThanOrEqualTo(before.plus(window).plus(DeployFiles.END));
    }

    /** As the Pod Security Standard "restricted" demands it. */
    @Test
    void podHasNoRights() throws IOException {
        JsonNode pod = pod().at("/spec/securityContext");
        JsonNode container = container().get("securityContext");

        assertThat(pod.get("runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.get("runAsUser").asInt()).isPositive();
        assertThat(pod.at("/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
        assertThat(container.get("allowPrivilegeEscalation").asBoolean()).isFalse();
        assertThat(container.get("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
        assertThat(container.at("/capabilities/add").isMissingNode()).isTrue();
    }

    /** The heap, as much again for direct buffers, and the JVM. */
    @Test
    void memoryFits() throws IOException {
        DataSize heap = DataSize.parse(variable("JAVA_OPTS")
                .get("value")
                .asString()
                .replace("-Xmx", "")
                .replace("m", "MB"));
        DataSize limit = DataSize.parse(
                container().at("/resources/limits/memory").asString().replace("Gi", "GB"));

        assertThat(2 * heap.toMegabytes() + 200).isLessThanOrEqualTo(limit.toMegabytes());
    }

    /** Evicting one pod must be possible, and leave one. */
    @Test
    void disruptionBudgetLeavesANode() throws IOException {
        int replicas = DeployFiles.manifest("Deployment").at("/spec/replicas").asInt();
        int away = DeployFiles.manifest("PodDisruptionBudget")
                .at("/spec/maxUnavailable")
                .asInt();

        assertThat(away).isPositive().isLessThan(replicas);
    }

    @Test
    void imageHasTheVersionOfTheProject() throws IOException {
        Matcher version = VERSION.matcher(Files.readString(Path.of("pom.xml")));

        assertThat(version.find()).isTrue();
        assertThat(container().get("image").asString()).isEqualTo("holdfast:" + version.group(1));
        assertThat(Files.readString(DeployFiles.PAGE)).contains("-t holdfast:" + version.group(1) + " ");
    }

    @Test
    void everyKeyOfTheSecretIsDocumented() throws IOException {
        JsonNode scrape = DeployFiles.yaml("kubernetes/service-monitor.yaml")
                .getFirst()
                .at("/spec/endpoints/0/authorization/credentials");
        List<JsonNode> used = container()
                .get("env")
                .valueStream()
                .map(variable -> variable.at("/valueFrom/secretKeyRef"))
                .filter(reference -> !reference.isMissingNode())
                .toList();

        assertThat(used).contains(scrape).allSatisfy(reference -> {
            assertThat(reference.get("name").asString()).isEqualTo("holdfast");
            assertThat(Files.readString(DeployFiles.PAGE))
                    .contains("kubectl create secret generic holdfast")
                    .contains("--from-literal=" + reference.get("key").asString() + "=");
        });
    }
}
