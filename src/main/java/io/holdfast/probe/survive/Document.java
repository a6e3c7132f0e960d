// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Printable;
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

    static ObjectNode of(SurvivalReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("well", report.isWell() && report.isMeasured());
        root.put("upToMillis", report.plan().longest().toMillis());
        root.put("tookMillis", report.took().toMillis());
        root.put("lagMillis", report.lag().toMillis());
        root.put("recordMissing", report.missingRecord());
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
        advised.lines(report.lasting().size()).forEach(verdict::add);
        return root;
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
        node.set("ended", limit == null ? null : outcome(limit.witness().outcome()));
        node.set(
                "culprit",
                finding.attribution() == null ? null : attribution(finding.transport(), finding.attribution()));
        node.put("noticed", limit == null ? null : limit.witness().noticed());
        millis(node, "heartbeatMillis", finding.recommended());
        node.set("flow", finding.arrival() == null ? null : arrival(finding.arrival()));
        node.put("between", finding.intermediary());
        ArrayNode silences = node.putArray("silences");
        finding.silent().forEach(held -> silences.add(held(held)));
        ArrayNode heartbeats = node.putArray("heartbeats");
        finding.kept().forEach(held -> heartbeats.add(held(held)));
        node.put("counted", finding.counted() == null ? null : tag(finding.counted()));
        ArrayNode oneWay = node.putArray("oneWay");
        finding.oneWay()
                .forEach(held ->
                        oneWay.add(held(held).put("sender", tag(held.trial().sender()))));
        node.put("verdict", SurvivalVerdict.of(finding));
        return node;
    }

    private static ObjectNode held(TrialResult held) {
        ObjectNode node = JSON.createObjectNode();
        millis(node, "millis", held.trial().time());
        millis(node, "heartbeatMillis", held.trial().heartbeat());
        node.setAll(outcome(held.outcome()));
        node.put("noticed", held.noticed());
        return node;
    }

    private static ObjectNode outcome(SilenceOutcome outcome) {
        ObjectNode node = JSON.createObjectNode();
        switch (outcome) {
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
        node.put("ending", ending.tag());
        if (ending instanceof Ending.CloseFrame(int code, String reason)) {
            node.put("code", code);
            node.put("reason", Printable.text(reason));
        }
    }

    private static ObjectNode attribution(ProbedTransport transport, Attribution attribution) {
        ObjectNode node = JSON.createObjectNode();
        node.put("who", tag(attribution.who()));
        node.put("name", attribution.name());
        node.put("reason", attribution.reason());
        node.put("certain", attribution.certain());
        node.put("setting", attribution.setting(transport));
        return node;
    }

    private static ObjectNode arrival(ArrivalPattern arrival) {
        ObjectNode node = JSON.createObjectNode();
        node.put("buffered", arrival.isBuffered());
        node.put("events", arrival.events());
        node.put("lumps", arrival.lumps());
        node.put("largest", arrival.largest());
        millis(node, "usuallyLateMillis", arrival.usuallyLate());
        millis(node, "atMostLateMillis", arrival.atMostLate());
        return node;
    }

    private static void millis(ObjectNode node, String name, @Nullable Duration duration) {
        node.put(name, duration == null ? null : (Long) duration.toMillis());
    }

    private static String tag(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
