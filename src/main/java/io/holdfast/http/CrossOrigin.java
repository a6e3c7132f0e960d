package io.holdfast.http;

import io.holdfast.connection.OriginProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Lets the pages of allowed origins use channels, and load the client that does it for them: browsers fetch modules of
 * another origin only with its leave. No cookies are taken from them.
 */
@Configuration(proxyBeanMethods = false)
class CrossOrigin implements WebMvcConfigurer {

    private final String[] origins;

    CrossOrigin(OriginProperties origins) {
        this.origins = origins.allowedOrigins().toArray(String[]::new);
    }

    @Override
    public void addCorsMappings(CorsRegistry registry) {
        registry.addMapping("/channels/**")
                .allowedOrigins(origins)
                .allowedMethods("GET", "POST")
                .allowedHeaders(HttpHeaders.CONTENT_TYPE, "Idempotency-Key", "Last-Event-ID")
                .exposedHeaders(HttpHeaders.RETRY_AFTER, HttpHeaders.LOCATION);
        registry.addMapping("/client/**").allowedOrigins(origins).allowedMethods("GET");
    }
}
