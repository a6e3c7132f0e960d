// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.jetty.RequestInspection;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows a client what the server saw of its request. */
@RestController
class InspectController {

    @GetMapping("/inspect")
    ResponseEntity<Map<String, Object>> inspect(HttpServletRequest request) {
        Query.of(request).allow(List.of(), List.of());
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .body(RequestInspection.of(request));
    }
}
