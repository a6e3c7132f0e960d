// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Access;
import io.holdfast.jetty.RequestAccess;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actuator on the port of everything else. */
@Configuration(proxyBeanMethods = false)
class ActuatorConfiguration {

    @Bean
    @ConditionalOnManagementPort(ManagementPortType.SAME)
    FilterRegistrationBean<ObserverFilter> observers(
            Access access,
            RequestAccess requests,
            @Value("${management.endpoints.web.base-path:/actuator}") String base) {
        return filter(access, requests, base);
    }

    static FilterRegistrationBean<ObserverFilter> filter(Access access, RequestAccess requests, String base) {
        FilterRegistrationBean<ObserverFilter> filter =
                new FilterRegistrationBean<>(new ObserverFilter(access, requests));
        filter.setUrlPatterns(List.of(base + "/health/*"));
        return filter;
    }
}
