// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.resource.ResourceUrlProvider;

/**
 * The methods of every path, whoever handles it: what {@code Allow} lists (RFC 9110, section 10.2.1). Looked up only for
 * requests that no handler takes.
 */
@Component
final class AllowedMethods {

    private static final List<String> OF_ENDPOINTS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private final SingletonSupplier<List<HandlerMapping>> mappings;
    private final SingletonSupplier<ResourceUrlProvider> files;

    AllowedMethods(ObjectProvider<HandlerMapping> mappings, ObjectProvider<ResourceUrlProvider> files) {
        this.mappings = SingletonSupplier.of(() -> mappings.stream().toList());
        this.files = SingletonSupplier.of(files::getObject);
    }

    /**
     * The methods of {@code path}, in alphabetical order; empty if nothing is there.
     *
     * @param route of the path; null if no {@link MessageEndpoint} has one
     */
    List<String> of(String path, @Nullable EndpointRoute route) {
        Set<String> methods = new TreeSet<>();
        if (route != null) {
            OF_ENDPOINTS.stream().filter(route.endpoint()::handles).forEach(methods::add);
        }
        mappings.obtain().stream().flatMap(mapping -> of(path, mapping)).forEach(methods::add);
        if (files.obtain().getForLookupPath(path) != null) {
            methods.add("GET");
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return List.copyOf(methods);
    }

    private static Stream<String> of(String path, HandlerMapping mapping) {
        return switch (mapping) {
            case RequestMappingInfoHandlerMapping controllers ->
                controllers.getHandlerMethods().keySet().stream()
                        .filter(controller -> matches(controller, path))
                        .flatMap(controller -> controller.getMethodsCondition().getMethods().stream())
                        .map(method -> method.asHttpMethod().name());
            case AbstractUrlHandlerMapping urls
            when urls.getHandlerMap().containsKey(path) || isRoot(path, urls) -> Stream.of("GET");
            default -> Stream.empty();
        };
    }

    private static boolean matches(RequestMappingInfo controller, String path) {
        PathContainer parsed = PathContainer.parsePath(path);
        return controller.getPathPatternsCondition() != null
                && controller.getPathPatternsCondition().getPatterns().stream()
                        .anyMatch(pattern -> pattern.matches(parsed));
    }

    /** Whether it is the page, which has a mapping of its own. */
    private static boolean isRoot(String path, AbstractUrlHandlerMapping urls) {
        return path.equals("/") && urls.getRootHandler() != null;
    }
}
