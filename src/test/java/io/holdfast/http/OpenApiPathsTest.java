// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.ApiDocuments;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** openapi.json has what the service serves, whoever serves it: message endpoints, controllers and the actuator. */
@HoldfastTest
class OpenApiPathsTest {

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

    /** Where the servlet container sends its errors. A request for it is refused. */
    private static final String ERRORS = ServletErrors.PATH;

    @Autowired
    Ports ports;

    @Autowired
    List<MessageEndpoint> endpoints;

    @Autowired
    ObjectProvider<RequestMappingInfoHandlerMapping> controllers;

    @Test
    void everyPathAndMethodIsInTheDocumentAndNoOther() throws IOException {
        Set<String> documented = new TreeSet<>();
        ApiDocuments.of(ports.http())
                .openApi()
                .get("paths")
                .forEachEntry((path, item) -> item.propertyNames().stream()
                        .map(name -> name.toUpperCase(Locale.ROOT))
                        .filter(METHODS::contains)
                        .forEach(method -> documented.add(method + " " + withoutNames(path))));

        Set<String> served = new TreeSet<>(Set.of("GET /openapi.json", "GET /asyncapi.json"));
        endpoints.forEach(endpoint -> METHODS.stream()
                .filter(endpoint::handles)
                .forEach(method -> served.add(method + " " + withoutNames(endpoint.pattern()))));
        controllers.stream()
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .flatMap(OpenApiPathsTest::operations)
                .forEach(served::add);

        assertThat(documented).isEqualTo(served);
    }

    private static Stream<String> operations(RequestMappingInfo controller) {
        return controller.getPatternValues().stream()
                .filter(path -> !path.equals(ERRORS))
                .flatMap(path -> controller.getMethodsCondition().getMethods().stream()
                        .map(method -> method.name() + " " + withoutNames(path)));
    }

    private static String withoutNames(String path) {
        return path.replace("/**", "/{}").replaceAll("\\{[^}]*}", "{}");
    }
}
