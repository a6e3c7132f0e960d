// SPDX-License-Identifier: Apache-2.0
import { ChannelLane, Head } from "../../client/channel-lane.js";
import { publish } from "../../client/channel.js";
import { curl, netcat, subscribeCode, wscat } from "../../client/commands.js";
import { LINE_BRIDGE } from "../../client/line-bridge.js";
import { Session } from "../../client/session.js";
import { ChannelLaneView } from "../channel-lane/channel-lane.js";
import { CopyBar } from "../copy-bar/copy-bar.js";
import { denial, element, field, say, select } from "../element.js";
import { milliseconds } from "../format.js";

/** Update interval of the countdown, which shows tenths of a second; in milliseconds. */
const TICK = 100;

/** The most messages that are published at once. */
const MOST = 5_000;

/** One channel, published to on one transport and followed on three. */
export class ChannelPanel extends HTMLElement {
  #head = new Head();
  #lanes = {
    sse: new ChannelLane("sse", this.#head),
    websocket: new ChannelLane("websocket", this.#head),
    tcp: new ChannelLane(LINE_BRIDGE, this.#head),
  };
  #views = [
    new ChannelLaneView(this.#lanes.sse, { id: "channel-sse", title: "HTTP", endpoint: "GET /channels/{name} · SSE" }),
    new ChannelLaneView(this.#lanes.websocket, { id: "channel-websocket", title: "WebSocket", endpoint: "ws /channels" }),
    new ChannelLaneView(this.#lanes.tcp, { id: "channel-tcp", title: "TCP", endpoint: "ws /lines → TCP lines" }),
  ];
  #channel = element("input", {
    "data-part": "channel",
    value: "news",
    required: true,
    pattern: "[A-Za-z0-9._~\\-]{1,128}",
    title: "1 to 128 letters, digits, dots, hyphens, underscores or tildes",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
  });
  #subscribe = element("button", { type: "submit", class: "primary", "data-part": "subscribe" }, "Subscribe");
  #leave = element("button", { type: "button", "data-part": "leave", disabled: true }, "Leave");
  #over = select({ "data-part": "over" }, [
    ["http", "HTTP"],
    ["websocket", "WebSocket"],
    ["tcp", "TCP"],
  ]);
  #text = element("input", { "data-part": "text", value: "hello world", autocomplete: "off", spellcheck: "false" });
  #times = element("input", { "data-part": "times", type: "number", value: 1, min: 1, max: MOST, required: true });
  #publish = element("button", { type: "submit", "data-part": "publish" }, "Publish");
  #outcome = element("output", { "data-part": "outcome" });
  #subscribeDenial = denial(this.#subscribe, "channel-subscribe-denied");
  #publishDenial = denial(this.#publish, "channel-publish-denied");
  #following = element("form", { class: "following" });
  #publishing = element("form", { class: "publishing" });
  #listeners = new AbortController();
  #followed = "";
  #session = new Session();
  /** @type {string | undefined} */
  #token;
  #busy = false;
  /** @type {import("../../client/server-info.js").ServerInfo} */
  #server = {};
  /** @type {ChannelLane[]} */
  #parked = [];

  /** @param {string} label what the server is to call this page's connections */
  set label(label) {
    this.#each((lane) => {
      lane.label = label;
    });
  }

  /** @param {Session} session whose user subscribes and publishes */
  set session(session) {
    this.#session = session;
    this.#each((lane) => {
      lane.token = session.token;
    });
    if (this.isConnected) this.connectedCallback();
  }

  connectedCallback() {
    this.#build();
    this.#listen();
    this.#permit();
  }

  disconnectedCallback() {
    this.#listeners.abort();
    this.#each((lane) => lane.cut());
  }

  #build() {
    if (this.childElementCount > 0) return;
    const heading = element("h2", { id: `${this.id}-title` }, "Channel");
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", heading.id);
    this.#following.append(
      field("Channel", this.#channel),
      element("div", { class: "buttons" }, this.#subscribe, this.#leave),
      this.#subscribeDenial.reason,
    );
    this.#publishing.append(
      field("Publish over", this.#over),
      field("Text", this.#text),
      field("Times", this.#times),
      this.#publish,
      this.#publishDenial.reason,
    );
    this.append(
      element(
        "header",
        {},
        heading,
        element("code", {}, "POST /channels/{name}"),
        element("p", {}, "Published once, it arrives on all three. Disconnect one, publish, and reconnect it: it resumes at its last position."),
      ),
      this.#following,
      this.#publishing,
      this.#outcome,
      new CopyBar(this.#copyables()),
      element("div", { class: "lanes" }, ...this.#views),
    );
  }

  /** @param {import("../../client/server-info.js").ServerInfo} server */
  set server(server) {
    this.#server = server;
  }

  /** @returns {import("../copy-bar/copy-bar.js").Copyable[]} */
  #copyables() {
    const command = () => JSON.stringify({ type: "subscribe", channel: this.#channel.value });
    return [
      { name: "curl", text: () => curl(`/channels/${this.#channel.value}`, "text/event-stream", this.#session.isSignedIn) },
      { name: "wscat", text: () => wscat("/channels", command(), " -s holdfast.v1") },
      {
        name: "nc",
        text: () => (this.#server.lines ? netcat(this.#server.lines, command(), 60) : ""),
        missing: "The port of the TCP lines is not known here. The role observer may see it.",
      },
      { name: "browser client", text: () => subscribeCode(this.#channel.value) },
    ];
  }

  #listen() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    /**
     * @param {EventTarget} target
     * @param {string} type
     * @param {(event: Event) => void} listener
     */
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
    on(this.#following, "submit", (event) => {
      event.preventDefault();
      this.#follow(this.#channel.value);
    });
    on(this.#leave, "click", () => this.#follow(""));
    on(this.#channel, "input", () => this.#permit());
    on(this.#session, "change", () => {
      this.#permit();
      this.#becomeUser();
    });
    on(this.#publishing, "submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    // A page that was left may stay in the browser's cache, and would keep its connections open.
    on(window, "pagehide", () => {
      this.#parked = Object.values(this.#lanes).filter(({ wanted }) => wanted);
      this.#parked.forEach((lane) => lane.cut());
    });
    on(window, "pageshow", () => this.#parked.splice(0).forEach((lane) => lane.reconnect()));
    const timer = setInterval(() => this.#views.forEach((view) => view.show()), TICK);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  /** Has only those buttons enabled whose action the user may take. */
  #permit() {
    const channel = this.#channel.value;
    this.#subscribeDenial.show(this.#session.why("subscribe", channel));
    this.#publishDenial.show(this.#session.why("publish", channel), this.#busy);
  }

  /** Connections of the user before end, and go on as this user's where they were. */
  #becomeUser() {
    const token = this.#session.token();
    if (token === this.#token) return;
    this.#token = token;
    const lanes = Object.values(this.#lanes).filter(({ state }) => state.name !== "closed");
    lanes.forEach((lane) => {
      lane.cut();
      lane.reconnect();
    });
  }

  /** @param {string} channel empty for none */
  #follow(channel) {
    this.#followed = channel;
    this.#each((lane) => (channel === "" ? lane.cut() : lane.follow(channel)));
    this.#views.forEach((view) => {
      view.following = channel !== "";
      view.show();
    });
    this.#leave.disabled = channel === "";
    this.#subscribe.classList.toggle("primary", channel === "");
    // If the focused button is disabled, the focus would be lost: its counterpart takes it.
    if (channel === "") this.#subscribe.focus();
  }

  async #send() {
    const over = /** @type {"http" | "websocket" | "tcp"} */ (this.#over.value);
    const text = this.#text.value;
    const times = this.#times.valueAsNumber;
    const channel = this.#channel.value;
    const since = performance.now();
    this.#busy = true;
    this.#permit();
    try {
      let position = "";
      for (let time = 1; time <= times; time++) {
        position = await this.#one(over, channel, times > 1 ? `${text} ${time}` : text);
      }
      const took = milliseconds(performance.now() - since);
      say(this.#outcome, `Published over ${this.#over.selectedOptions[0].text} up to ${position}, in ${took}`);
      this.#outcome.dataset.outcome = "good";
    } catch (error) {
      say(this.#outcome, `Not published: ${error instanceof Error ? error.message : error}`);
      this.#outcome.dataset.outcome = "bad";
    } finally {
      this.#busy = false;
      this.#permit();
      if (document.activeElement === document.body) this.#publish.focus();
    }
  }

  /**
   * @param {"http" | "websocket" | "tcp"} over
   * @param {string} channel
   * @param {string} text
   */
  async #one(over, channel, text) {
    const since = performance.now();
    const { position } = over === "http"
      ? await publish({ url: "/", channel, data: text, token: this.#session.token })
      : await this.#lane(over, channel).publish(text);
    if (channel === this.#followed) {
      this.#head.reached(position);
      this.#each((lane) => lane.published(position, since));
    }
    return position;
  }

  /**
   * @param {"websocket" | "tcp"} over
   * @param {string} channel
   */
  #lane(over, channel) {
    const lane = this.#lanes[over];
    if (channel !== this.#followed || lane.state.name !== "open") {
      const name = over === "tcp" ? "TCP" : "WebSocket";
      throw new Error(`${name} is not connected to this channel; subscribe or reconnect it, or publish over HTTP`);
    }
    return lane;
  }

  /** @param {(lane: ChannelLane) => void} action */
  #each(action) {
    Object.values(this.#lanes).forEach(action);
  }
}
