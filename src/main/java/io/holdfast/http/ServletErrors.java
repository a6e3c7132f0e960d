// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers what a servlet failed at or refused by a status alone, as problem JSON whatever the client accepts. */
@RestController
final class ServletErrors implements ErrorController {

    /** Where the servlet context forwards to. It is no page: {@link FrontHandler} answers requests for it. */
    static final String PATH = "/error";

    @RequestMapping(PATH)
    ResponseEntity<ProblemDetail> answer(HttpServletRequest request) {
        int code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
                ? status
                : HttpStatus.INTERNAL_SERVER_ERROR.value();
        int headerBytes = ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getHttpConfiguration()
                .getRequestHeaderSize();
        ProblemDetail problem = StatusProblems.of(code, headerBytes);
        if (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String path) {
            problem.setInstance(ProblemAnswers.instance(path));
        }
        return ResponseEntity.status(code)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
