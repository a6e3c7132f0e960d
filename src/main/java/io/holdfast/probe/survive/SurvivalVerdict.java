package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the figures of one transport mean, in plain words. */
final class SurvivalVerdict {

    /** A Holdfast's own heartbeat and the time for its answer, as they are by default. */
    private static final Duration OWN_HEARTBEAT = Duration.ofSeconds(25);

    /** The two of them: what stands between must bear it. */
    static final Duration OWN_SILENCE = Duration.ofSeconds(35);

    private SurvivalVerdict() {}

    static String of(Finding finding) {
        List<String> sentences = new ArrayList<>();
        Duration lived = finding.longestLived();
        switch (finding.outcome()) {
            case LIVED -> sentences.add("Silences of up to " + TextFormat.of(lived) + " live.");
            case SPEAKS ->
                sentences.add("The other side speaks by itself: the longest silence was " + TextFormat.of(lived)
                        + ", and nothing ended it.");
            case IRREGULAR ->
                sentences.add("Connections ended, the first after " + TextFormat.of(died(finding)) + " ("
                        + how(finding) + "), but others lived through " + TextFormat.of(finding.longestStood())
                        + " of silence: silence is not the reason. Measure again.");
            case UNEXPECTED ->
                sentences.add("Not measured, since " + finding.target() + " does not answer as expected: "
                        + finding.problem() + expected(finding));
            case WITHHELD -> sentences.add("Not measured, since something between holds the response back.");
            case UNREACHABLE ->
                sentences.add(
                        "Not measured, since " + finding.target() + " can't be reached: " + finding.problem() + ".");
            case CUT -> cut(finding, sentences);
        }
        if (untried(finding)) {
            sentences.add("The stream does not tick as /stream does, so a silent drop would not have been seen.");
        }
        buffering(finding, sentences);
        return String.join(" ", sentences);
    }

    private static String expected(Finding finding) {
        String problem = finding.problem();
        if (!problem.startsWith("HTTP ")) {
            return ".";
        }
        if (problem.equals("HTTP 404")) {
            return finding.transport().isStream()
                    ? ", so there is no stream there; --stream-path names another."
                    : ", so there is no WebSocket there; --websocket-path names another.";
        }
        return finding.transport().isStream()
                ? "."
                : " in the place of the upgrade. What is between has to pass the headers Upgrade and Connection on.";
    }

    private static boolean untried(Finding finding) {
        return finding.silent().stream().anyMatch(held -> held.fate() instanceof SilenceOutcome.Untried);
    }

    private static Duration died(Finding finding) {
        return finding.limit() == null ? Duration.ZERO : finding.limit().died();
    }

    private static String how(Finding finding) {
        return finding.limit() == null
                ? ""
                : switch (finding.limit().witness().fate()) {
                    case SilenceOutcome.Cut cut ->
                        (cut.goodbye() != null ? "a goodbye, then " : "")
                                + ServerEvents.how(cut.ending())
                                + (cut.goodbye() == null ? unsaid(finding.transport(), cut) : "");
                    case SilenceOutcome.Unanswered(var ending) ->
                        ending == null ? "nothing came back" : ServerEvents.how(ending) + " when it was tried";
                    case SilenceOutcome.Lived ignored -> "";
                    case SilenceOutcome.Untried ignored -> "";
                    case SilenceOutcome.Spoken ignored -> "";
                    case SilenceOutcome.Failed ignored -> "";
                    case SilenceOutcome.Withheld ignored -> "";
                    case SilenceOutcome.Spared ignored -> "";
                };
    }

    /** What an end lacks that the protocol has for it. */
    private static String unsaid(ProbedTransport transport, SilenceOutcome.Cut cut) {
        String tag = ServerEvents.tag(cut.ending());
        if (!tag.equals("fin") && !tag.equals("reset")) {
            return "";
        }
        return switch (transport) {
            case HTTP, SSE -> " without the end of the response";
            case WEBSOCKET -> " without a close frame";
            case LINES -> " without a goodbye";
            case TCP -> "";
        };
    }

    private static void cut(Finding finding, List<String> sentences) {
        SilenceLimit limit = Objects.requireNonNull(finding.limit());
        Attribution culprit = Objects.requireNonNull(finding.culprit());
        String at = TextFormat.of(limit.at());
        String found = limit.observed()
                ? "after " + at + " of silence"
                : "somewhere between " + TextFormat.of(limit.lived()) + " and " + TextFormat.of(limit.died())
                        + " of silence";
        sentences.add(
                switch (culprit.who()) {
                    case SERVICE ->
                        "Ended " + found + " by the service itself: " + how(finding)
                                + (culprit.reason() == null ? "" : ", " + culprit.reason()) + ".";
                    case BETWEEN -> "Ended " + found + " by " + between(culprit) + ": " + how(finding) + ".";
                    case SILENT_DROP ->
                        "Dropped " + found + " without a word to anybody: " + how(finding)
                                + ". A NAT, a firewall or a load balancer on the way forgets it"
                                + KnownIdleTimeout.at(limit) + ".";
                    case UNKNOWN ->
                        "Ended " + found + ", by the service or by something between: " + how(finding)
                                + ". Which of them can't be told without the service's actuator (--http).";
                });
        setting(finding, limit, culprit, sentences);
        noticed(limit.witness().noticed(), sentences);
        advice(finding, limit, sentences);
    }

    private static String between(Attribution culprit) {
        return culprit.name() == null ? "something between that does not say what it is" : culprit.name();
    }

    private static void setting(Finding finding, SilenceLimit limit, Attribution culprit, List<String> sentences) {
        String value = TextFormat.setting(limit.at());
        ProxyProduct box = culprit.box();
        switch (culprit.who()) {
            case SERVICE -> {
                if ("idle".equals(culprit.reason())) {
                    sentences.add("That is its limit holdfast.idle.tcp, " + value + ".");
                }
            }
            case BETWEEN ->
                sentences.add(
                        box != null
                                ? "That is most likely its " + box.setting(finding.transport()) + ", " + value + "."
                                : "Look for a limit of " + value + ": " + ProxyProduct.suspects(finding.transport())
                                        + ".");
            case SILENT_DROP, UNKNOWN -> {}
        }
    }

    private static void noticed(@Nullable Boolean noticed, List<String> sentences) {
        if (noticed != null) {
            sentences.add(
                    noticed ? "The service noticed." : "The service did not notice: it still holds the connection.");
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
        switch (tried.fate()) {
            case SilenceOutcome.Lived ignored ->
                sentences.add("Set a heartbeat of " + heartbeat + ": with it a connection lived for "
                        + TextFormat.of(tried.trial().time()) + own(finding.transport(), limit) + ".");
            case SilenceOutcome.Cut(Duration after, var ending, var goodbye) ->
                sentences.add("A heartbeat of " + heartbeat + " does not help: with it a connection was ended after "
                        + TextFormat.of(after) + ", so it is its age that is limited, or what passes is not counted.");
            case SilenceOutcome.Unanswered ignored ->
                sentences.add("A heartbeat of " + heartbeat + " does not help: with it a connection was dead, too.");
            case SilenceOutcome.Untried ignored ->
                sentences.add("Set a heartbeat of " + heartbeat + "; it could not be tried here.");
            case SilenceOutcome.Spoken ignored -> {}
            case SilenceOutcome.Failed ignored -> {}
            case SilenceOutcome.Withheld ignored -> {}
            case SilenceOutcome.Spared ignored -> {}
        }
    }

    private static String own(ProbedTransport transport, SilenceLimit limit) {
        return transport == ProbedTransport.TCP
                ? ""
                : limit.at().compareTo(OWN_SILENCE) > 0
                        ? "; Holdfast's own, " + TextFormat.of(OWN_HEARTBEAT) + ", does as well"
                        : "; Holdfast's own, " + TextFormat.of(OWN_HEARTBEAT) + ", is too long";
    }

    private static void buffering(Finding finding, List<String> sentences) {
        ArrivalPattern flow = finding.flow();
        if (flow == null || !flow.isBuffered()) {
            return;
        }
        ProxyProduct box = finding.boxName() == null ? null : ProxyProduct.of(finding.boxName());
        String cure = box == null || box.unbuffered() == null
                ? "whatever buffers between has to pass them on at once"
                : "set " + box.unbuffered() + " in " + finding.boxName();
        sentences.add("Events are held back: " + flow.events() + " that were written one by one came in "
                + count(flow.lumps(), "lump") + ", up to " + TextFormat.of(flow.atMostLate()) + " late; " + cure + ".");
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
