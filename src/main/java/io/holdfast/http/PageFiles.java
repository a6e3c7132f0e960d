// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.boot.autoconfigure.web.WebProperties;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.stereotype.Component;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * How long a browser may keep the page's files. Those below {@code /assets/} have a hash of their content in their names:
 * they never change. The others are asked for again, by a hash of their content: all files of a jar have the same time.
 */
@Component
// Before Spring Boot's own, which leaves a path alone that has a handler.
@Order(-1)
final class PageFiles implements WebMvcConfigurer {

    private static final CacheControl FOREVER =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

    private final String[] locations;

    PageFiles(WebProperties web) {
        this.locations = web.getResources().getStaticLocations();
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/**")
                .addResourceLocations("classpath:/static/assets/")
                .setCacheControl(FOREVER)
                .setUseLastModified(false);
        registry.addResourceHandler("/**")
                .addResourceLocations(locations)
                .setCacheControl(CacheControl.noCache())
                .setEtagGenerator(PageFiles::entityTag)
                .setUseLastModified(false);
    }

    private static String entityTag(Resource file) {
        try (InputStream in = file.getInputStream()) {
            return '"' + DigestUtils.md5DigestAsHex(in) + '"';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
