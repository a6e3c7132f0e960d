package io.holdfast.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Refuses TRACE, which the servlet container would answer by itself, with all headers that it was sent. */
@Component
class TraceFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient HandlerExceptionResolver problems;

    TraceFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getMethod().equals("TRACE")) {
            List<String> allowed = request.getRequestURI().equals("/echo") ? List.of("POST") : List.of("GET", "HEAD");
            problems.resolveException(
                    request, response, null, new HttpRequestMethodNotSupportedException("TRACE", allowed));
        } else {
            chain.doFilter(request, response);
        }
    }
}
