// SPDX-License-Identifier: Apache-2.0
import { randomLabel } from "./client/label.js";
import { Session } from "./client/session.js";
import { ChannelLaneView } from "./components/channel-lane/channel-lane.js";
import { ChannelPanel } from "./components/channel-panel/channel-panel.js";
import { ConnectionPanel } from "./components/connection-panel/connection-panel.js";
import { ConnectionState } from "./components/connection-state/connection-state.js";
import { ConnectionStats } from "./components/connection-stats/connection-stats.js";
import { ConnectionTable } from "./components/connection-table/connection-table.js";
import { CopyBar } from "./components/copy-bar/copy-bar.js";
import { define, element } from "./components/element.js";
import { EventLog } from "./components/event-log/event-log.js";
import { EventTimeline } from "./components/event-timeline/event-timeline.js";
import { FaultBar } from "./components/fault-bar/fault-bar.js";
import { HttpPanel } from "./components/http-panel/http-panel.js";
import { ServerInfo } from "./components/server-info/server-info.js";
import { SignIn } from "./components/sign-in/sign-in.js";
import { TcpPanel } from "./components/tcp-panel/tcp-panel.js";
import { VIEW_CHANGE, ViewNav } from "./components/view-nav/view-nav.js";
import { WebSocketPanel } from "./components/websocket-panel/websocket-panel.js";

/**
 * The views that are not shown first. Their components are loaded when one is shown. Few modules import them, so that little
 * is shared with the first view in modules of its own: each of these is a request.
 * @type {Map<string, () => Promise<unknown>>}
 */
const later = new Map([
  ["survive", () => import("./views/measuring.js")],
  ["compare", () => import("./views/measuring.js")],
  ["api", () => import("./views/api.js")],
]);

const session = new Session();
const label = randomLabel();

/**
 * Gives parts of the page what they have properties for.
 * @param {string} selector
 */
function equip(selector) {
  document.querySelectorAll(selector).forEach((/** @type {any} */ part) => {
    if ("session" in part) part.session = session;
    if ("token" in part) part.token = session.token;
    if ("label" in part) part.label = label;
  });
}

document.addEventListener(VIEW_CHANGE, async (event) => {
  const view = event instanceof CustomEvent ? event.detail : "";
  const load = later.get(view);
  if (!load) return;
  later.delete(view);
  const main = `main[data-view="${view}"]`;
  try {
    await load();
    equip(`${main} > *`);
  } catch (error) {
    reportError(error);
    document.querySelector(main)?.replaceChildren(
      element("p", { class: "trouble", role: "alert" }, "This view could not be loaded. Reload the page to try again."),
    );
  }
});

define({
  // The panels make the parts by constructor, which works only for what is registered already.
  "connection-state": ConnectionState,
  "connection-stats": ConnectionStats,
  "copy-bar": CopyBar,
  "event-log": EventLog,
  "fault-bar": FaultBar,
  "http-panel": HttpPanel,
  "websocket-panel": WebSocketPanel,
  "tcp-panel": TcpPanel,
  "event-timeline": EventTimeline,
  "channel-lane": ChannelLaneView,
  "channel-panel": ChannelPanel,
  "connection-table": ConnectionTable,
  "server-info": ServerInfo,
  "sign-in": SignIn,
  // Last, as it hands the views what the address has for them.
  "view-nav": ViewNav,
});

equip("main > *, sign-in, server-info");
session.load();

document.addEventListener("rows", (event) => {
  document.querySelectorAll("main > *").forEach((panel) => {
    if (panel instanceof ConnectionPanel && event instanceof CustomEvent) panel.rows = event.detail;
  });
});
const panels = [...document.querySelectorAll("main > *")].filter((child) => child instanceof ConnectionPanel);
document.querySelectorAll("event-timeline").forEach((timeline) => {
  if (timeline instanceof EventTimeline) {
    timeline.sources = panels.map(({ id, caption: { title, row }, conversation }) => ({ name: title, transport: id, row, conversation }));
  }
});
document.addEventListener("server", (event) => {
  document.querySelectorAll("tcp-panel, channel-panel").forEach((/** @type {any} */ panel) => {
    if (event instanceof CustomEvent) panel.server = event.detail;
  });
});

// Live from the first second, if the panels are what is seen. A tab in the background would take one of the browser's six
// connections to a host.
const start = () => {
  if (document.visibilityState === "visible") panels.forEach((panel) => panel.start());
};
document.addEventListener(VIEW_CHANGE, start);
document.addEventListener("visibilitychange", start);
start();

// The fragment of the address names a view, so a link cannot name the content.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  /** @type {HTMLElement | null} */ (document.querySelector("main:not([hidden])"))?.focus();
});
