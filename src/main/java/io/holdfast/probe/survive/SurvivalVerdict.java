// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Denials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The conclusions for one transport, as sentences. */
final class SurvivalVerdict {

    private static final String OWN_KEEP_ALIVE = "server.jetty.connection-idle-timeout";

    private SurvivalVerdict() {}

    static String of(Finding finding) {
        List<String> sentences = new ArrayList<>();
        Duration lived = finding.longestLived();
        switch (finding.outcome()) {
            case LIVED -> sentences.add("Silences of up to " + TextFormat.of(lived) + " survive.");
            case SPEAKS ->
                sentences.add("The server sends by itself: the longest silence was " + TextFormat.of(lived)
                        + ", and nothing ended the connection.");
            case IRREGULAR ->
                sentences.add("Connections ended, the first after " + TextFormat.of(died(finding)) + " ("
                        + how(finding) + "), but others survived " + TextFormat.of(finding.longestStood())
                        + " of silence. So silence is not the reason. Measure again.");
            case UNEXPECTED ->
                sentences.add("Not measured: " + finding.target() + " does not answer as expected: " + finding.problem()
                        + expected(finding));
            case UNFINISHED -> sentences.add("Not measured: it was ended before a result.");
            case WITHHELD -> sentences.add("Not measured: an intermediary holds the response back.");
            case UNREACHABLE ->
                sentences.add("Not measured: " + finding.target() + " cannot be reached: " + finding.problem() + ".");
            case CUT -> {
                if (finding.transport().isLasting()) {
                    cut(finding, sentences);
                } else {
                    idle(finding, sentences);
                }
            }
        }
        if (untried(finding)) {
            sentences.add("The stream sends no ticks as /stream does, so a silent drop could not be detected.");
        }
        buffering(finding, sentences);
        return String.join(" ", sentences);
    }

    private static String expected(Finding finding) {
        String problem = finding.problem();
        ProxyProduct product = finding.intermediary() == null ? null : ProxyProduct.of(finding.intermediary());
        if (problem.endsWith(Denials.KEEP_HOST)) {
            return product == null || product.keepHost() == null
                    ? "."
                    : ". Set " + product.keepHost() + " in " + finding.intermediary() + ".";
        }
        if (!problem.matches("HTTP \\d+")) {
            return ".";
        }
        if (problem.equals("HTTP 404")) {
            return finding.transport().isStream()
                    ? ". There is no stream at this path; set --stream-path."
                    : ". There is no WebSocket at this path; set --websocket-path.";
        }
        return finding.transport().isStream()
                ? "."
                : " instead of the upgrade. An intermediary must forward the headers Upgrade and Connection.";
    }

    private static boolean untried(Finding finding) {
        return finding.silent().stream().anyMatch(held -> held.outcome() instanceof SilenceOutcome.Untried);
    }

    private static Duration died(Finding finding) {
        return finding.limit() == null ? Duration.ZERO : finding.limit().died();
    }

    private static String how(Finding finding) {
        return finding.limit() == null
                ? ""
                : switch (finding.limit().witness().outcome()) {
                    case SilenceOutcome.Cut cut ->
                        (cut.goodbye() != null ? "a goodbye, then " : "")
                                + cut.ending().text()
                                + (cut.goodbye() == null ? unsaid(finding.transport(), cut) : "");
                    case SilenceOutcome.Unanswered(var ending) ->
                        ending == null ? "no answer" : ending.text() + " when data was sent";
                    case SilenceOutcome.Lived ignored -> "";
                    case SilenceOutcome.Untried ignored -> "";
                    case SilenceOutcome.Spoken ignored -> "";
                    case SilenceOutcome.Failed ignored -> "";
                    case SilenceOutcome.Withheld ignored -> "";
                    case SilenceOutcome.Spared ignored -> "";
                };
    }

    /** The end that the protocol has, and that was missing. */
    private static String unsaid(ProbedTransport transport, SilenceOutcome.Cut cut) {
        String tag = cut.ending().tag();
        if (!tag.equals("fin") && !tag.equals("reset")) {
            return "";
        }
        return switch (transport) {
            case HTTP, SSE -> " without the end of the response";
            case WEBSOCKET -> " without a close frame";
            case LINES -> " without a goodbye";
            case TCP, KEEPALIVE -> "";
        };
    }

    /** A connection that waited for its next request. */
    private static void idle(Finding finding, List<String> sentences) {
        SilenceLimit limit = Objects.requireNonNull(finding.limit());
        Attribution attribution = Objects.requireNonNull(finding.attribution());
        String at = TextFormat.setting(limit.at());
        String setting = attribution.setting(finding.transport());
        String most = attribution.certain() ? "" : "most likely ";
        sentences.add("A connection that waits for its next request is "
                + switch (attribution.who()) {
                    case SERVICE ->
                        "closed after " + at + ", " + most + "by the service itself: that is its setting "
                                + OWN_KEEP_ALIVE;
                    case BETWEEN ->
                        "closed after " + at + " by " + between(attribution)
                                + (setting == null ? "" : ", " + most + "its setting " + setting);
                    case SILENT_DROP ->
                        "dropped between " + TextFormat.of(limit.lived()) + " and "
                                + TextFormat.of(limit.died()) + " without a notice: " + how(finding)
                                + KnownIntermediaries.get().droppingAt(limit);
                    case UNKNOWN -> "closed after " + at + " by the service or by an intermediary";
                    case UNKNOWN_WITHOUT_PERMISSION ->
                        "closed after " + at
                                + " by the service or by an intermediary; without the role observer the service's own"
                                + " timeout could not be read";
                }
                + ".");
        sentences.add("Clients should close it earlier, as after " + TextFormat.of(limit.heartbeat())
                + ", or repeat a request that fails.");
    }

    private static void cut(Finding finding, List<String> sentences) {
        SilenceLimit limit = Objects.requireNonNull(finding.limit());
        Attribution attribution = Objects.requireNonNull(finding.attribution());
        String at = TextFormat.of(limit.at());
        String found = limit.observed()
                ? "after " + at + " of silence"
                : "between " + TextFormat.of(limit.lived()) + " and " + TextFormat.of(limit.died()) + " of silence";
        sentences.add(
                switch (attribution.who()) {
                    case SERVICE ->
                        "Ended " + found + likely(attribution) + " by the service itself: " + how(finding)
                                + (attribution.reason() == null ? "" : ", " + attribution.reason()) + ".";
                    case BETWEEN ->
                        "Ended " + found + likely(attribution) + " by " + between(attribution) + ": " + how(finding)
                                + ".";
                    case SILENT_DROP ->
                        "Dropped " + found + " without a notice to either side: " + how(finding)
                                + ". A NAT, a firewall or a load balancer on the way forgot the connection"
                                + KnownIntermediaries.get().droppingAt(limit) + ".";
                    case UNKNOWN ->
                        "Ended " + found + " by the service or by an intermediary: " + how(finding)
                                + ". Only the service's record of its connections (--http, of a Holdfast) can tell"
                                + " which.";
                    case UNKNOWN_WITHOUT_PERMISSION ->
                        "Ended " + found + " by the service or by an intermediary: " + how(finding)
                                + ". The service's record would tell which. It could not be read, as the permission is"
                                + " missing: the role observer.";
                });
        setting(finding, limit, attribution, sentences);
        noticed(limit.witness().noticed(), sentences);
        advice(finding, limit, sentences);
        counted(finding.counted(), sentences);
    }

    private static String likely(Attribution attribution) {
        return attribution.certain() ? "" : ", most likely";
    }

    private static String between(Attribution attribution) {
        return attribution.name() == null ? "an intermediary that does not send its name" : attribution.name();
    }

    private static void setting(Finding finding, SilenceLimit limit, Attribution attribution, List<String> sentences) {
        String value = TextFormat.setting(limit.at());
        String setting = attribution.setting(finding.transport());
        switch (attribution.who()) {
            case SERVICE -> {
                if ("idle".equals(attribution.reason())) {
                    sentences.add("That is its setting holdfast.idle.tcp, " + value + ".");
                }
            }
            case BETWEEN ->
                sentences.add(
                        setting != null
                                ? "That is most likely its setting " + setting + ", " + value + "."
                                : "Look for a timeout of " + value + ", for example "
                                        + ProxyProduct.suspects(finding.transport()) + ".");
            case SILENT_DROP -> {}
            case UNKNOWN, UNKNOWN_WITHOUT_PERMISSION -> onTheWay(finding, value, sentences);
        }
    }

    private static void onTheWay(Finding finding, String value, List<String> sentences) {
        String name = finding.intermediary();
        ProxyProduct product = name == null ? null : ProxyProduct.of(name);
        String setting = product == null ? null : product.setting(finding.transport());
        if (setting != null) {
            sentences.add(name + " is on the way. If it was that, its setting " + setting + " is " + value + ".");
        }
    }

    private static void noticed(@Nullable Boolean noticed, List<String> sentences) {
        if (noticed != null) {
            sentences.add(
                    noticed ? "The service noticed." : "The service did not notice: it still has the connection open.");
        }
    }

    private static void advice(Finding finding, SilenceLimit limit, List<String> sentences) {
        TrialResult tried = finding.kept().stream()
                .filter(held -> held.trial().heartbeat() != null
                        && held.trial().heartbeat().equals(finding.recommended()))
                .findFirst()
                .orElse(null);
        if (finding.recommended() == null || tried == null) {
            return;
        }
        String heartbeat = TextFormat.of(finding.recommended());
        switch (tried.outcome()) {
            case SilenceOutcome.Lived ignored ->
                sentences.add("Set a heartbeat of " + heartbeat + ": with it, a connection survived "
                        + TextFormat.of(tried.trial().time()) + own(finding.transport(), limit) + ".");
            case SilenceOutcome.Cut(Duration after, var ending, var goodbye) ->
                sentences.add("A heartbeat of " + heartbeat + " does not help: with it, a connection was ended after "
                        + TextFormat.of(after) + ". So its age is limited, or heartbeats are not counted as traffic.");
            case SilenceOutcome.Unanswered ignored ->
                sentences.add("A heartbeat of " + heartbeat + " does not help: with it, a connection died, too.");
            case SilenceOutcome.Untried ignored ->
                sentences.add("Set a heartbeat of " + heartbeat + ". It could not be tried here.");
            case SilenceOutcome.Spoken ignored -> {}
            case SilenceOutcome.Failed ignored -> {}
            case SilenceOutcome.Withheld ignored -> {}
            case SilenceOutcome.Spared ignored -> {}
        }
    }

    private static void counted(@Nullable Counted counted, List<String> sentences) {
        if (counted != null) {
            sentences.add(
                    switch (counted) {
                        case EITHER -> "What either side sends keeps it open.";
                        case CLIENT ->
                            "Only what the client sends keeps it open: what the service sends does not count.";
                        case SERVICE ->
                            "Only what the service sends keeps it open: what the client sends does not count.";
                        case BOTH -> "It stays open only if both sides send.";
                    });
        }
    }

    private static String own(ProbedTransport transport, SilenceLimit limit) {
        if (transport == ProbedTransport.TCP) {
            return "";
        }
        KnownIntermediaries.OwnDefaults own = KnownIntermediaries.get().ownDefaults();
        return ". Holdfast's default of " + TextFormat.of(own.heartbeat())
                + (limit.at().compareTo(own.silence()) > 0 ? " is short enough" : " is too long");
    }

    private static void buffering(Finding finding, List<String> sentences) {
        ArrivalPattern arrival = finding.arrival();
        if (arrival == null || !arrival.isBuffered()) {
            return;
        }
        ProxyProduct product = finding.intermediary() == null ? null : ProxyProduct.of(finding.intermediary());
        String cure = product == null || product.noBuffering() == null
                ? "switch the intermediary's buffering off"
                : "set " + product.noBuffering() + " in " + finding.intermediary();
        sentences.add("Events are held back: " + arrival.events() + " events that were sent one by one arrived in "
                + count(arrival.lumps(), "group") + ", up to " + TextFormat.of(arrival.atMostLate()) + " late; " + cure
                + ".");
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
