// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.Admission;
import io.holdfast.connection.Connections;
import io.holdfast.delivery.Deliveries;
import io.holdfast.delivery.ProgressDeadline;
import io.holdfast.memory.MemoryPart;
import java.util.function.LongSupplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;

/** What all requests with a body share. */
@Component
final class Uploads {

    private final Connections connections;
    private final Deliveries deliveries;

    Uploads(Connections connections, Deliveries deliveries) {
        this.connections = connections;
        this.deliveries = deliveries;
    }

    Connections connections() {
        return connections;
    }

    MemoryPart memory() {
        return deliveries.receiving();
    }

    /** The answer if {@link #memory} is full. */
    ErrorResponseException noMemory() {
        MemoryPart memory = memory();
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The limit " + memory.property() + " of " + memory.limit()
                        + " bytes for all requests together is reached.");
        problem.setProperty("limit", memory.property());
        problem.setProperty("value", memory.limit());
        ErrorResponseException answer = new ErrorResponseException(HttpStatus.SERVICE_UNAVAILABLE, problem, null);
        answer.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(Admission.Refused.RETRY_AFTER));
        return answer;
    }

    ProgressDeadline deadline(LongSupplier received, Runnable tooSlow) {
        return deliveries.progressDeadline(received, () -> false, tooSlow);
    }
}
