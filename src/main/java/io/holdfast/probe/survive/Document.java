package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The result as JSON, for programs and the page. survive.md documents its fields. */
final class Document {

    private static final JsonMapper JSON = new JsonMapper();

    private Document() {}

    static String of(SurvivalReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("well", report.isWell() && report.isComplete());
        root.put("upToMillis", report.plan().longest().toMillis());
        root.put("tookMillis", report.took().toMillis());
        root.put("lagMillis", report.lag().toMillis());
        ArrayNode transports = root.putArray("transports");
        report.findings().forEach(finding -> transports.add(finding(finding)));
        Advice advised = report.advice();
        ObjectNode advice = root.putObject("advice");
        ArrayNode names = advice.putArray("transports");
        advised.transports().forEach(finding -> names.add(finding.transport().tag()));
        millis(advice, "heartbeatMillis", advised.heartbeat());
        ArrayNode changes = advice.putArray("changes");
        advised.changes().forEach(changes::add);
        ArrayNode verdict = root.putArray("verdict");
        advised.lines(report.findings().size()).forEach(verdict::add);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static ObjectNode finding(Finding finding) {
        ObjectNode node = JSON.createObjectNode();
        node.put("transport", finding.transport().tag());
        node.put("target", finding.target());
        node.put("outcome", tag(finding.outcome()));
        millis(node, "livedMillis", finding.longestLived());
        SilenceLimit limit = finding.limit();
        millis(node, "diedMillis", limit == null ? null : limit.died());
        millis(node, "limitMillis", limit == null ? null : limit.at());
        node.put("found", limit == null ? null : limit.observed() ? "observed" : "bisected");
        node.set("ended", limit == null ? null : fate(limit.witness().fate()));
        node.set("culprit", finding.culprit() == null ? null : culprit(finding.transport(), finding.culprit()));
        node.put("noticed", limit == null ? null : limit.witness().noticed());
        millis(node, "heartbeatMillis", finding.recommended());
        node.set("flow", finding.flow() == null ? null : flow(finding.flow()));
        node.put("between", finding.boxName());
        ArrayNode silences = node.putArray("silences");
        finding.silent().forEach(held -> silences.add(held(held)));
        ArrayNode heartbeats = node.putArray("heartbeats");
        finding.kept().forEach(held -> heartbeats.add(held(held)));
        node.put("verdict", SurvivalVerdict.of(finding));
        return node;
    }

    private static ObjectNode held(TrialResult held) {
        ObjectNode node = JSON.createObjectNode();
        millis(node, "millis", held.trial().time());
        millis(node, "heartbeatMillis", held.trial().heartbeat());
        node.setAll(fate(held.fate()));
        node.put("noticed", held.noticed());
        return node;
    }

    private static ObjectNode fate(SilenceOutcome fate) {
        ObjectNode node = JSON.createObjectNode();
        switch (fate) {
            case SilenceOutcome.Lived ignored -> node.put("fate", "lived");
            case SilenceOutcome.Untried ignored -> node.put("fate", "untried");
            case SilenceOutcome.Cut(Duration after, Ending ending, String goodbye) -> {
                node.put("fate", "cut");
                millis(node, "afterMillis", after);
                ending(node, ending);
                node.put("goodbye", goodbye);
            }
            case SilenceOutcome.Unanswered(Ending ending) -> {
                node.put("fate", "unanswered");
                if (ending != null) {
                    ending(node, ending);
                }
            }
            case SilenceOutcome.Spoken(Duration after, String what) -> {
                node.put("fate", "spoken");
                millis(node, "afterMillis", after);
            }
            case SilenceOutcome.Failed(String why, boolean reached) -> {
                node.put("fate", "failed");
                node.put("why", why);
            }
            case SilenceOutcome.Withheld ignored -> node.put("fate", "withheld");
            case SilenceOutcome.Spared ignored -> node.put("fate", "spared");
        }
        return node;
    }

    private static void ending(ObjectNode node, Ending ending) {
        node.put("ending", ServerEvents.tag(ending));
        if (ending instanceof Ending.CloseFrame(int code, String reason)) {
            node.put("code", code);
            node.put("reason", TextFormat.printable(reason));
        }
    }

    private static ObjectNode culprit(ProbedTransport transport, Attribution culprit) {
        ObjectNode node = JSON.createObjectNode();
        node.put("who", tag(culprit.who()));
        node.put("name", culprit.name());
        node.put("reason", culprit.reason());
        ProxyProduct box = culprit.box();
        node.put("setting", box == null ? null : box.setting(transport));
        return node;
    }

    private static ObjectNode flow(ArrivalPattern flow) {
        ObjectNode node = JSON.createObjectNode();
        node.put("buffered", flow.isBuffered());
        node.put("events", flow.events());
        node.put("lumps", flow.lumps());
        node.put("largest", flow.largest());
        millis(node, "usuallyLateMillis", flow.usuallyLate());
        millis(node, "atMostLateMillis", flow.atMostLate());
        return node;
    }

    private static void millis(ObjectNode node, String name, @Nullable Duration duration) {
        node.put(name, duration == null ? null : (Long) duration.toMillis());
    }

    private static String tag(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
