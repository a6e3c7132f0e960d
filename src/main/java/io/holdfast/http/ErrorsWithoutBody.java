// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Has {@link ServletErrors} answer where the page or the actuator has set no more than a status. */
@Component
final class ErrorsWithoutBody extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        boolean isError = response.getStatus() >= HttpStatus.BAD_REQUEST.value();
        if (isError && !response.isCommitted() && response.getContentType() == null) {
            response.sendError(response.getStatus());
        }
    }
}
