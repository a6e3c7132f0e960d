import { randomLabel } from "./client/label.js";
import { ChannelLaneView } from "./components/channel-lane/channel-lane.js";
import { ChannelPanel } from "./components/channel-panel/channel-panel.js";
import { ConnectionPanel } from "./components/connection-panel/connection-panel.js";
import { ConnectionState } from "./components/connection-state/connection-state.js";
import { ConnectionStats } from "./components/connection-stats/connection-stats.js";
import { ConnectionTable } from "./components/connection-table/connection-table.js";
import { EventLog } from "./components/event-log/event-log.js";
import { HttpPanel } from "./components/http-panel/http-panel.js";
import { ServerInfo } from "./components/server-info/server-info.js";
import { TcpPanel } from "./components/tcp-panel/tcp-panel.js";
import { WebSocketPanel } from "./components/websocket-panel/websocket-panel.js";

// The panels make the parts by constructor, which works only for what is registered already.
customElements.define("connection-state", ConnectionState);
customElements.define("connection-stats", ConnectionStats);
customElements.define("event-log", EventLog);
customElements.define("http-panel", HttpPanel);
customElements.define("websocket-panel", WebSocketPanel);
customElements.define("tcp-panel", TcpPanel);
customElements.define("channel-lane", ChannelLaneView);
customElements.define("channel-panel", ChannelPanel);
customElements.define("connection-table", ConnectionTable);
customElements.define("server-info", ServerInfo);

const label = randomLabel();
document.querySelectorAll("main > *").forEach((child) => {
  if (child instanceof ConnectionPanel || child instanceof ChannelPanel || child instanceof ConnectionTable) child.label = label;
});
