// SPDX-License-Identifier: Apache-2.0
import { Session } from "../../client/session.js";
import { ConnectionState } from "../connection-state/connection-state.js";
import { ConnectionStats } from "../connection-stats/connection-stats.js";
import { CopyBar } from "../copy-bar/copy-bar.js";
import { element, field, say, select } from "../element.js";
import { EventLog } from "../event-log/event-log.js";
import { FaultBar } from "../fault-bar/fault-bar.js";

/** @typedef {import("../../client/connection-list.js").Row} Row */
/** @typedef {import("../../client/conversation.js").Conversation} Conversation */
/** @typedef {import("../copy-bar/copy-bar.js").Copyable} Copyable */

/**
 * @typedef {object} Caption
 * @property {string} title
 * @property {string} endpoint
 * @property {string} summary one sentence
 * @property {string} unit what is counted beside bytes
 * @property {string} row transport and kind of its connection in the server's list
 */

/** Update interval of the countdown, which shows tenths of a second; in milliseconds. */
const TICK = 100;

/**
 * The common part of the panels of all transports. Each extends it with its settings and with how to send.
 * Dispatches `recovered`, which bubbles, when a lost connection is open again.
 */
export class ConnectionPanel extends HTMLElement {
  #conversation;
  #caption;
  #state = new ConnectionState();
  #stats = new ConnectionStats();
  #faults;
  #log = new EventLog();
  #checks = select({ "data-part": "checks" }, [
    ["yes", "Check after 5 s"],
    ["no", "Wait"],
  ]);
  #connect = element("button", { type: "submit", class: "primary", "data-part": "connect" }, "Connect");
  #disconnect = element("button", { type: "button", "data-part": "disconnect" }, "Disconnect");
  #text = element("input", { "data-part": "text", value: "hello world", autocomplete: "off", spellcheck: "false" });
  #send = element("button", { type: "submit", "data-part": "send" }, "Send");
  #reset = element("button", { type: "button", class: "quiet", "data-part": "reset" }, "Reset figures");
  #invalid = element("p", { class: "invalid", role: "alert", "data-part": "invalid" });
  #dialing = element("form", { class: "dialing", novalidate: true });
  #sending = element("form", { class: "sending" });
  #listeners = new AbortController();
  #carrier = element("output", { class: "carrier", "data-part": "carrier" });
  #listed = "";
  #lost = false;
  #parked = false;
  #started = false;

  /**
   * @param {Conversation} conversation
   * @param {Caption} caption
   */
  constructor(conversation, caption) {
    super();
    this.#conversation = conversation;
    this.#caption = caption;
    this.#faults = new FaultBar(conversation);
  }

  /** @param {Session} session whose user asks for faults */
  set session(session) {
    this.#faults.session = session;
  }

  /** Connects, the first time that the panel is visible. */
  start() {
    if (this.#started || !this.checkVisibility()) return;
    this.#started = true;
    this.#dial(() => this.#conversation.connect());
  }

  /** @returns {Conversation} */
  get conversation() {
    return this.#conversation;
  }

  /** @returns {Readonly<Caption>} */
  get caption() {
    return this.#caption;
  }

  /** @param {string} label what the server is to call this page's connections */
  set label(label) {
    this.#conversation.label = label;
  }

  /** @param {readonly Row[]} rows the server's open connections, of which one may be this panel's */
  set rows(rows) {
    const { label } = this.#conversation;
    const own = rows.find((row) => label !== "" && row.label === label && `${row.transport} ${row.kind}` === this.#caption.row);
    this.#listed = own?.protocol ? carrier(own.protocol, own.tls === true) : "";
  }

  /**
   * What carries the connection, as far as the browser knows.
   * @protected
   * @returns {string} as `h2, TLS`; empty if unknown
   */
  get carrier() {
    return carrier("", location.protocol === "https:");
  }

  /**
   * @protected
   * @param {string} _sendingForm id of the form that a control about sending belongs to; others are about connecting
   * @returns {HTMLElement[]} the labelled controls of this transport
   */
  settings(_sendingForm) {
    return [];
  }

  /**
   * Called before every attempt that a person asks for.
   * @protected
   * @returns {string} why it is no use to connect, a sentence; empty if all is well
   */
  configure() {
    return "";
  }

  /**
   * What the panel does, as commands and as code.
   * @protected
   * @param {() => string} _text to send
   * @returns {Copyable[]}
   */
  copyables(_text) {
    return [];
  }

  /**
   * @protected
   * @param {string} _text
   */
  send(_text) {
    throw new Error("a transport says how to send");
  }

  connectedCallback() {
    this.#build();
    this.#listen();
    this.#update();
  }

  disconnectedCallback() {
    this.#listeners.abort();
    this.#conversation.disconnect();
  }

  #build() {
    if (this.childElementCount > 0) return;
    const { title, endpoint, summary, unit } = this.#caption;
    this.#stats.unit = unit;
    this.#log.label = `${title} log`;
    this.#log.journal = this.#conversation.journal;
    this.#text.ariaLabel = `Text to send over ${title}`;
    this.#sending.id = `${this.id}-sending`;
    const heading = element("h2", { id: `${this.id}-title` }, title);
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", heading.id);
    this.#dialing.append(
      element("fieldset", {}, element("legend", { class: "unseen" }, `${title} settings`), ...this.settings(this.#sending.id), field("If it is silent", this.#checks)),
      this.#invalid,
      element("div", { class: "buttons" }, this.#connect, this.#disconnect),
    );
    this.#sending.append(this.#text, this.#send);
    this.append(
      element("header", {}, heading, element("code", {}, endpoint), " ", this.#carrier, element("p", {}, summary)),
      this.#dialing,
      this.#state,
      this.#stats,
      this.#sending,
      this.#faults,
      new CopyBar(this.copyables(() => this.#text.value)),
      element("div", { class: "log-bar" }, element("h3", {}, "Log"), this.#reset),
      this.#log,
    );
  }

  #listen() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const conversation = this.#conversation;
    /**
     * @param {EventTarget} target
     * @param {string} type
     * @param {(event: Event) => void} listener
     */
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
    on(conversation, "state", () => {
      this.#update();
      this.#tell();
    });
    // A page that was left may stay in the browser's cache, and would keep its connections open.
    on(window, "pagehide", () => {
      this.#parked = conversation.wanted;
      conversation.disconnect();
    });
    on(window, "pageshow", () => {
      if (this.#parked) conversation.connect();
    });
    on(this.#disconnect, "click", () => conversation.disconnect());
    on(this.#reset, "click", () => {
      conversation.resetFigures();
      this.#show();
    });
    on(this.#dialing, "submit", (event) => {
      event.preventDefault();
      this.#dial(() => conversation.connect());
    });
    on(this.#dialing, "change", ({ target }) => {
      if (!(target instanceof HTMLElement && "form" in target && target.form === this.#dialing)) return;
      this.#dial(() => conversation.wanted && conversation.reopen("Ended here, as the settings changed"));
    });
    on(this.#sending, "submit", (event) => {
      event.preventDefault();
      this.send(this.#text.value);
      this.#show();
    });
    this.#tick(signal);
  }

  /**
   * Takes the settings over, if they can be used.
   * @param {() => void} action
   */
  #dial(action) {
    this.#conversation.checks = this.#checks.value === "yes";
    const why = this.configure();
    say(this.#invalid, why);
    if (why === "") action();
  }

  #tell() {
    const { name } = this.#conversation.state;
    const recovered = name === "open" && this.#lost;
    this.#lost = name === "reconnecting" || (name === "connecting" && this.#lost);
    if (recovered) this.dispatchEvent(new Event("recovered", { bubbles: true }));
  }

  /** @param {AbortSignal} signal */
  #tick(signal) {
    const timer = setInterval(() => this.#show(), TICK);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  #show() {
    this.#state.state = this.#conversation.state;
    const isOpen = this.#conversation.state.name === "open";
    if (!isOpen) this.#listed = "";
    say(this.#carrier, isOpen ? this.#listed || this.carrier : "");
    this.#stats.figures = this.#conversation;
    this.#faults.show();
  }

  #update() {
    const { state, wanted, canSend } = this.#conversation;
    const focused = document.activeElement;
    this.#connect.textContent = state.name === "reconnecting" ? "Try now" : "Connect";
    this.#connect.disabled = state.name === "connecting" || state.name === "open";
    this.#disconnect.disabled = !wanted;
    this.#send.disabled = !canSend;
    // If the focused button is disabled, the focus would be lost: its counterpart takes it.
    if (focused === this.#connect && this.#connect.disabled) this.#disconnect.focus();
    if (focused === this.#disconnect && this.#disconnect.disabled) this.#connect.focus();
    this.#show();
  }
}

/**
 * @param {string} protocol
 * @param {boolean} tls
 */
export function carrier(protocol, tls) {
  return [protocol, tls && "TLS"].filter(Boolean).join(", ");
}
