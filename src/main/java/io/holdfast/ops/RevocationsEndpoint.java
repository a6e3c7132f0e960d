// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.access.Access;
import io.holdfast.access.Revocation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.stereotype.Component;

/**
 * {@code /actuator/revocations}: the tokens that are refused on every node, until a moment. Listing needs the role observer,
 * revoking the role operator.
 */
@Component
@Endpoint(id = "revocations")
class RevocationsEndpoint {

    private final Access access;
    private final InstantSource clock;

    RevocationsEndpoint(Access access, InstantSource clock) {
        this.access = access;
        this.clock = clock;
    }

    /**
     * One revocation, of all tokens of a subject, or of one.
     *
     * @param subject null for one token
     * @param jti the token's id; null for all of a subject
     */
    record Row(@Nullable String subject, @Nullable String jti, Instant until) {

        static Row of(Revocation revocation) {
            boolean ofSubject = revocation.kind() == Revocation.Kind.SUBJECT;
            return new Row(
                    ofSubject ? revocation.value() : null, ofSubject ? null : revocation.value(), revocation.until());
        }
    }

    /** Those that have not passed. */
    record Page(List<Row> revocations) {}

    @ReadOperation
    Page list() {
        return new Page(access.revocations().stream()
                .sorted(Comparator.comparing(Revocation::until))
                .map(Row::of)
                .toList());
    }

    /**
     * Refuses tokens until a moment, and closes the connections that they opened.
     *
     * @param subject whose tokens; or {@code jti}, the id of one
     * @param until as {@code 2027-01-31T12:00:00Z}
     */
    @WriteOperation
    Row revoke(@Nullable String subject, @Nullable String jti, String until) {
        if ((subject == null) == (jti == null)) {
            throw Parameters.invalid("subject", "either subject or jti, as \"subject\":\"alice\"");
        }
        Instant end = Parameters.future("until", until, clock.instant());
        Revocation revocation = subject != null
                ? new Revocation(Revocation.Kind.SUBJECT, Parameters.subject("subject", subject), end)
                : new Revocation(Revocation.Kind.TOKEN, Parameters.subject("jti", String.valueOf(jti)), end);
        Parameters.done(access.revoke(revocation));
        return Row.of(revocation);
    }
}
