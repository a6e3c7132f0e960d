// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that Jetty itself refuses, as those that it cannot parse, as problem JSON whatever they accept. What
 * Jetty found is an exception's text, which is not for the peer.
 */
final class ErrorAnswers extends ErrorHandler {

    private final ProblemAnswers problems;

    ErrorAnswers(ProblemAnswers problems) {
        this.problems = problems;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        // Jetty's answer to HTTP/2. With 426, the answer would have to name what to upgrade to.
        int status = code == HttpStatus.UPGRADE_REQUIRED_426 ? HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 : code;
        response.setStatus(status);
        SecurityHeaders.put(response.getHeaders());
        response.getHeaders().put(ProblemAnswers.PROBLEM_JSON);
        int headerBytes = request.getConnectionMetaData().getHttpConfiguration().getRequestHeaderSize();
        response.write(true, problems.bytes(StatusProblems.of(status, headerBytes)), callback);
    }
}
