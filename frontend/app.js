import { randomLabel } from "./client/label.js";
import { Session } from "./client/session.js";
import { ChannelLaneView } from "./components/channel-lane/channel-lane.js";
import { ChannelPanel } from "./components/channel-panel/channel-panel.js";
import { CompareView } from "./components/compare-view/compare-view.js";
import { ConnectionPanel } from "./components/connection-panel/connection-panel.js";
import { ConnectionState } from "./components/connection-state/connection-state.js";
import { ConnectionStats } from "./components/connection-stats/connection-stats.js";
import { ConnectionTable } from "./components/connection-table/connection-table.js";
import { EventLog } from "./components/event-log/event-log.js";
import { EventTimeline } from "./components/event-timeline/event-timeline.js";
import { HttpPanel } from "./components/http-panel/http-panel.js";
import { LineChart } from "./components/line-chart/line-chart.js";
import { Measuring } from "./components/measuring/measuring.js";
import { ResultBar } from "./components/result-bar/result-bar.js";
import { ServerInfo } from "./components/server-info/server-info.js";
import { SignIn } from "./components/sign-in/sign-in.js";
import { SurviveView } from "./components/survive-view/survive-view.js";
import { TcpPanel } from "./components/tcp-panel/tcp-panel.js";
import { TrialChart } from "./components/trial-chart/trial-chart.js";
import { ViewNav } from "./components/view-nav/view-nav.js";
import { WebSocketPanel } from "./components/websocket-panel/websocket-panel.js";

// The panels make the parts by constructor, which works only for what is registered already.
customElements.define("connection-state", ConnectionState);
customElements.define("connection-stats", ConnectionStats);
customElements.define("event-log", EventLog);
customElements.define("http-panel", HttpPanel);
customElements.define("websocket-panel", WebSocketPanel);
customElements.define("tcp-panel", TcpPanel);
customElements.define("event-timeline", EventTimeline);
customElements.define("channel-lane", ChannelLaneView);
customElements.define("channel-panel", ChannelPanel);
customElements.define("connection-table", ConnectionTable);
customElements.define("server-info", ServerInfo);
customElements.define("sign-in", SignIn);
customElements.define("line-chart", LineChart);
customElements.define("result-bar", ResultBar);
customElements.define("trial-chart", TrialChart);
customElements.define("survive-view", SurviveView);
customElements.define("compare-view", CompareView);
// Last, as it hands the views what the address has for them.
customElements.define("view-nav", ViewNav);

const session = new Session();
document.querySelectorAll("sign-in, server-info, channel-panel, connection-table").forEach((part) => {
  if ([SignIn, ServerInfo, ChannelPanel, ConnectionTable].some((kind) => part instanceof kind)) {
    /** @type {{session: Session} & Element} */ (part).session = session;
  }
});
document.querySelectorAll("main > *").forEach((view) => {
  if (view instanceof Measuring) view.token = session.token;
});
session.load();

const LABELLED = [ConnectionPanel, ChannelPanel, ConnectionTable, Measuring];
const label = randomLabel();
document.querySelectorAll("main > *").forEach((child) => {
  if (LABELLED.some((kind) => child instanceof kind)) /** @type {{label: string} & Element} */ (child).label = label;
});
document.addEventListener("rows", (event) => {
  document.querySelectorAll("main > *").forEach((panel) => {
    if (panel instanceof ConnectionPanel && event instanceof CustomEvent) panel.rows = event.detail;
  });
});
document.querySelectorAll("event-timeline").forEach((timeline) => {
  const panels = [...document.querySelectorAll("main > *")].filter((child) => child instanceof ConnectionPanel);
  if (timeline instanceof EventTimeline) {
    timeline.conversations = panels.map(({ id, caption, conversation }) => [caption.title, id, conversation]);
  }
});
