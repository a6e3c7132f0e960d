// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.holdfast.access.Authentication.Authenticated;
import io.holdfast.access.Authentication.Failed;
import io.holdfast.access.Denial.Reason;
import io.holdfast.time.MonotonicClock;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Decides who a peer is and what it may do, for every transport. Safe from any thread; nothing blocks.
 *
 * <p>A verified token is remembered, as its owner sends it with each request.
 */
@Component
public final class Access {

    private static final Logger log = LoggerFactory.getLogger(Access.class);

    /** The cookie that has a token. */
    public static final String TOKEN_COOKIE = "holdfast_token";

    /** How long a ticket is valid. */
    public static final Duration TICKET = Duration.ofSeconds(30);

    /** Characters of the tokens that are remembered. */
    private static final long MOST_REMEMBERED = 16L * 1024 * 1024;

    /** A key that was withdrawn is not noticed for longer. */
    private static final Duration LONGEST_REMEMBERED = Duration.ofMinutes(5);

    private final TokenVerifier tokens;
    private final ApiKeys keys;
    private final ClientCertificates certificates;
    private final Permissions everybody;
    private final boolean trustsLocal;
    private final boolean authenticates;
    private final Duration warning;
    private final AccessStore store;
    private final Tickets tickets;
    private final Revocations revocations;
    private final InstantSource clock;
    private final Executor blocking = task -> Thread.ofVirtual().name("access").start(task);

    private final Principal local;
    private final Map<Locality, Principal> anonymous = new EnumMap<>(Locality.class);
    private final Cache<String, Principal> remembered;
    private final Map<Action, Map<Reason, LongAdder>> denied = new EnumMap<>(Action.class);

    Access(
            AccessProperties settings,
            ChannelAccessProperties channels,
            TokenVerifier tokens,
            AccessStore store,
            InstantSource clock,
            MonotonicClock monotonicClock) {
        this.tokens = tokens;
        this.keys = new ApiKeys(settings.keys());
        this.certificates = new ClientCertificates(settings.certificates());
        this.everybody = everybody(settings, channels);
        this.authenticates = tokens.isConfigured() || settings.authenticates();
        this.trustsLocal = settings.local() == null ? !authenticates : settings.local();
        this.warning = settings.warning();
        this.store = store;
        this.tickets = new Tickets(store);
        this.clock = clock;
        this.revocations = new Revocations(clock);
        store.listen(revocations);
        this.local = Principal.of("local", Principal.Kind.LOCAL, Permissions.ALL);
        for (Locality locality : Locality.values()) {
            anonymous.put(
                    locality,
                    new Principal(
                            "anonymous",
                            Principal.Kind.ANONYMOUS,
                            everybody,
                            null,
                            null,
                            trustsLocal ? locality.because() : null));
        }
        this.remembered = Caffeine.newBuilder()
                .maximumWeight(MOST_REMEMBERED)
                .weigher((String token, Principal owner) -> token.length())
                .ticker(monotonicClock::nanos)
                .expireAfter(Expiry.<String, Principal>creating((token, owner) -> validity(owner)))
                .build();
        for (Action action : Action.values()) {
            Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
            Stream.of(Reason.values()).forEach(reason -> counts.put(reason, new LongAdder()));
            denied.put(action, counts);
        }
    }

    private static Permissions everybody(AccessProperties settings, ChannelAccessProperties channels) {
        Permissions granted = settings.anonymous().permissions("holdfast.access.anonymous");
        return new Permissions(
                joined(granted.subscribe(), channels.open(Action.SUBSCRIBE)),
                joined(granted.publish(), channels.open(Action.PUBLISH)),
                granted.roles());
    }

    private static List<ChannelPattern> joined(List<ChannelPattern> some, List<ChannelPattern> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** A peer that sends nothing by which it could be known. */
    public Principal withoutToken(Locality locality) {
        return trustsLocal && locality == Locality.LOCAL ? local : Objects.requireNonNull(anonymous.get(locality));
    }

    /** Whether where a peer is can make a difference. */
    public boolean trustsLocal() {
        return trustsLocal;
    }

    /**
     * The owner of the client's certificate, which the settings of TLS trust; null if the client has none, or none that has a
     * name here.
     */
    public @Nullable Principal withCertificate(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? certificates.of(certificate.getSubjectX500Principal())
                    : null;
        } catch (SSLPeerUnverifiedException e) {
            // The client has none.
            return null;
        }
    }

    /** Whether certificates of clients have owners here. */
    public boolean knowsCertificates() {
        return !certificates.isEmpty();
    }

    /**
     * Finds the owner of a bearer token: an API key or a JSON Web Token. It is done at once for a key and for a token that
     * was verified before; other tokens are verified by a thread of their own, as keys may have to be fetched.
     */
    public CompletionStage<Authentication> authenticate(String token) {
        Principal owner = keys.of(token);
        if (owner == null) {
            owner = remembered.getIfPresent(token);
        }
        if (owner != null) {
            return CompletableFuture.completedStage(accept(owner));
        }
        return CompletableFuture.supplyAsync(() -> verify(token), blocking).exceptionally(this::unverified);
    }

    private Authentication verify(String token) {
        if (!tokens.isConfigured()) {
            return failed(
                    Reason.INVALID_TOKEN,
                    "The service does not know this " + (keys.size() > 0 ? "API key" : "token")
                            + ", and has no key to verify tokens. Set holdfast.access.secret, or"
                            + " spring.security.oauth2.resourceserver.jwt.issuer-uri.");
        }
        return switch (tokens.verify(token)) {
            case Verification.Verified(Principal owner) -> {
                remembered.put(token, owner);
                yield accept(owner);
            }
            case Verification.Rejected(Verification.Reason reason, String sentence) ->
                failed(Reason.INVALID_TOKEN, sentence);
            case Verification.Unavailable() ->
                failed(Reason.UNAVAILABLE, "The keys of the token's issuer can't be fetched now; try again.");
        };
    }

    /** A fault of ours: whoever waits for the answer must not wait for ever. */
    private Authentication unverified(Throwable cause) {
        log.error("A token could not be verified", cause);
        return failed(Reason.UNAVAILABLE, "The token can't be verified now; try again.");
    }

    private Duration validity(Principal owner) {
        if (owner.expires() == null) {
            return LONGEST_REMEMBERED;
        }
        Duration left = Duration.between(clock.instant(), owner.expires().plus(TokenVerifier.SKEW));
        return left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST_REMEMBERED) < 0 ? left : LONGEST_REMEMBERED;
    }

    /** A ticket or an API key may be older than a revocation, and a remembered token older than its end. */
    private Authentication accept(Principal owner) {
        if (!store.isReady()) {
            return failed(
                    Reason.UNAVAILABLE,
                    "Which tokens are revoked can't be read now, as Redis can't be reached; try again.");
        }
        Instant expires = owner.expires();
        if (expires != null && clock.instant().isAfter(expires.plus(TokenVerifier.SKEW))) {
            return failed(Reason.INVALID_TOKEN, "The token has expired.");
        }
        if (revocations.cover(owner)) {
            return failed(Reason.REVOKED, "The token has been revoked by an operator.");
        }
        return new Authenticated(owner);
    }

    private Authentication failed(Reason reason, String sentence) {
        return new Failed(denied(new Denial(reason, Action.AUTHENTICATE, null, null, sentence)));
    }

    /** A denial of how a token was sent. */
    public Authentication badRequest(String sentence) {
        return failed(Reason.INVALID_REQUEST, sentence);
    }

    /** A denial of a cookie or a certificate that a page of another site made a browser send. */
    public Authentication foreignPage() {
        return failed(
                Reason.FOREIGN_PAGE,
                "A page of another site sent this request, so neither the cookie " + TOKEN_COOKIE
                        + " nor a client certificate is accepted. Valid:"
                        + " a page of this service, or of an origin of holdfast.websocket.allowed-origins, as"
                        + " https://app.example.org.");
    }

    /** A ticket for one request, for a client that cannot send a header. It stands for its owner for {@link #TICKET}. */
    public CompletionStage<String> ticket(Principal owner) {
        return tickets.issue(owner, TICKET);
    }

    /** Finds the owner of a ticket, once. */
    public CompletionStage<Authentication> redeem(String ticket) {
        return tickets.take(ticket)
                .thenApply(owner -> owner.map(this::accept)
                        .orElseGet(() -> failed(
                                Reason.INVALID_TOKEN,
                                "The ticket is not valid: it was used already, or is older than " + TICKET.toSeconds()
                                        + " s. Get another one: POST /tickets.")))
                .exceptionally(failure -> failed(Reason.UNAVAILABLE, "Tickets can't be read now; try again."));
    }

    /**
     * Whether {@code principal} may do something.
     *
     * @param channel null if it is about none
     * @return null if it may
     */
    public @Nullable Denial check(Principal principal, Action action, @Nullable String channel) {
        if (allows(principal, action, channel)) {
            return null;
        }
        return denied(
                principal.isAuthenticated()
                        ? new Denial(Reason.DENIED, action, channel, principal, notAllowed(principal, action, channel))
                        : new Denial(
                                Reason.UNAUTHENTICATED, action, channel, null, needed(principal, action, channel)));
    }

    /** As {@link #check}, for a caller that cannot go on. */
    public void require(Principal principal, Action action, @Nullable String channel) {
        Denial denial = check(principal, action, channel);
        if (denial != null) {
            throw new DeniedException(denial);
        }
    }

    /** Whether {@code principal} may do something; not a refusal, so it is neither counted nor logged. */
    public boolean allows(Principal principal, Action action, @Nullable String channel) {
        String name = channel == null ? "" : channel;
        return principal.permissions().allow(action, name, principal.name())
                || everybody.allow(action, name, principal.name());
    }

    /** All that {@code principal} may do, for an answer: what it was given, and what everybody may do. */
    public Map<String, Object> permissions(Principal principal) {
        return principal.permissions().shownWith(everybody);
    }

    private static String what(Action action, @Nullable String channel) {
        return action.words() + (channel == null ? "" : " the channel '" + channel + "'");
    }

    private static String notAllowed(Principal principal, Action action, @Nullable String channel) {
        return "'" + Shown.text(principal.name()) + "' may not " + what(action, channel) + ". Permissions: "
                + principal.permissions().words() + ".";
    }

    private String needed(Principal principal, Action action, @Nullable String channel) {
        String start = "To " + what(action, channel) + " a token or an API key is needed";
        if (principal.remark() == null) {
            return start + ": send it as Authorization: Bearer, or in the command authenticate.";
        }
        // Nobody has a token, as none can be verified.
        String setting = channel == null
                ? "holdfast.access.anonymous.role=" + role(action)
                : "holdfast.access.anonymous." + action.tag() + "=" + channel;
        return start + ", or a client on the same machine as the service. This client does not count as one: "
                + principal.remark() + ". To give others access, set holdfast.access.secret for tokens, or " + setting
                + " for everybody.";
    }

    private static String role(Action action) {
        return switch (action) {
            case TEST -> Role.TESTER.tag();
            case OPERATE -> Role.OPERATOR.tag();
            case OBSERVE, SUBSCRIBE, PUBLISH, AUTHENTICATE -> Role.OBSERVER.tag();
        };
    }

    /**
     * Lets only a client pass that has shown who it is.
     *
     * @throws DeniedException if it has not
     */
    public void requireToken(Principal principal) {
        if (!principal.isAuthenticated()) {
            throw new DeniedException(denied(new Denial(
                    Reason.UNAUTHENTICATED,
                    Action.AUTHENTICATE,
                    null,
                    null,
                    needed(principal, Action.AUTHENTICATE, null))));
        }
    }

    /**
     * Whether the peer of an open connection may become {@code next}: the same one, with another token, or one that had none.
     *
     * @return null if it may
     */
    public @Nullable Denial checkSame(Principal now, Principal next) {
        return now.isAuthenticated() ? checkOwner(now, next) : null;
    }

    /**
     * Whether a connection whose peer is {@code now} belongs to {@code next}.
     *
     * @return null if it does
     */
    public @Nullable Denial checkOwner(Principal now, Principal next) {
        if (now.isAuthenticated() && now.name().equals(next.name())) {
            return null;
        }
        return denied(new Denial(
                Reason.OTHER_SUBJECT,
                Action.AUTHENTICATE,
                null,
                next,
                "The token belongs to '" + Shown.text(next.name()) + "', and the connection "
                        + (now.isAuthenticated() ? "to '" + Shown.text(now.name()) + "'" : "to nobody with a token")
                        + ". Open another connection for another subject."));
    }

    /** Whether the principal's tokens are refused now. */
    public boolean isRevoked(Principal principal) {
        return revocations.cover(principal);
    }

    /** Refuses tokens on every node until a moment, and ends the connections that they opened. */
    public CompletionStage<Void> revoke(Revocation revocation) {
        return store.revoke(revocation);
    }

    /** Ends all connections of a subject, on every node. */
    public CompletionStage<Void> disconnect(String subject) {
        return store.disconnect(subject);
    }

    /** The revocations that have not passed. */
    public List<Revocation> revocations() {
        return revocations.all();
    }

    /** Has {@code listener} hear which principals may not go on. */
    public void listen(RevocationListener listener) {
        revocations.listen(listener);
    }

    /** How long before the end of a token its owner is told. */
    public Duration warning() {
        return warning;
    }

    /**
     * When a connection of the principal ends; null for never. A token that is accepted although it has expired, as clocks may
     * differ, ends by when it is no longer accepted.
     */
    public @Nullable Instant end(Principal principal) {
        Instant expires = principal.expires();
        return expires == null || clock.instant().isBefore(expires) ? expires : expires.plus(TokenVerifier.SKEW);
    }

    private Denial denied(Denial denial) {
        Objects.requireNonNull(
                        Objects.requireNonNull(denied.get(denial.action())).get(denial.reason()))
                .increment();
        log.debug("Refused, {}: {}", denial.reason().tag(), denial.sentence());
        return denial;
    }

    /** How often {@code action} was denied for a reason, since the start. */
    public long denied(Action action, Reason reason) {
        return Objects.requireNonNull(Objects.requireNonNull(denied.get(action)).get(reason))
                .sum();
    }

    /** Who has access, in one line. */
    public String summary() {
        List<String> who = new ArrayList<>();
        if (trustsLocal) {
            who.add("clients on this machine: everything");
        }
        if (tokens.isConfigured()) {
            who.add("tokens: what they allow");
        }
        if (keys.size() > 0) {
            who.add(keys.size() + (keys.size() == 1 ? " API key" : " API keys"));
        }
        if (!certificates.isEmpty()) {
            who.add("client certificates");
        }
        who.add("everybody else: " + (everybody.isNone() ? "echo and /stream only" : everybody.words()));
        return String.join("; ", who);
    }
}
