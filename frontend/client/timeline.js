/** @typedef {import("./conversation.js").Conversation} Conversation */

/** Older events are dropped. */
export const SPAN = 60_000;

/** Messages that are closer than this share one mark; they would overlap on a screen. */
const GRAIN = 100;

/**
 * The last minute of one connection: when it was open, and when messages were sent and received. Times are on
 * the clock of performance.now().
 */
export class Timeline {
  #conversation;
  #counted = { messagesIn: 0, messagesOut: 0 };
  /** @type {{from: number, to?: number}[]} */
  #open = [];
  /** @type {number[]} */
  #in = [];
  /** @type {number[]} */
  #out = [];

  /**
   * @param {Conversation} conversation
   * @param {AbortSignal} signal ends the watch
   */
  constructor(conversation, signal) {
    this.#conversation = conversation;
    conversation.addEventListener("state", () => this.#state(), { signal });
    conversation.addEventListener("traffic", () => this.#traffic(), { signal });
    this.#state();
    this.#traffic();
  }

  /** @returns {readonly {from: number, to?: number}[]} in which it was open; the last may go on */
  get open() {
    this.#open = this.#open.filter(({ to }) => to === undefined || isRecent(to));
    return this.#open;
  }

  /** @returns {readonly number[]} when messages came */
  get in() {
    this.#in = this.#in.filter(isRecent);
    return this.#in;
  }

  /** @returns {readonly number[]} when messages left */
  get out() {
    this.#out = this.#out.filter(isRecent);
    return this.#out;
  }

  #state() {
    const { state } = this.#conversation;
    const last = this.#open.at(-1);
    const wasOpen = last !== undefined && last.to === undefined;
    if (state.name === "open" && !wasOpen) this.#open.push({ from: state.since });
    else if (state.name !== "open" && wasOpen) last.to = performance.now();
  }

  #traffic() {
    const { messagesIn, messagesOut } = this.#conversation.traffic;
    if (messagesIn > this.#counted.messagesIn) mark(this.#in);
    if (messagesOut > this.#counted.messagesOut) mark(this.#out);
    this.#counted = { messagesIn, messagesOut };
  }
}

/** @param {number[]} marks */
function mark(marks) {
  const now = performance.now();
  if (now - (marks.at(-1) ?? 0) < GRAIN) return;
  marks.push(now);
  if (!isRecent(marks[0])) marks.shift();
}

/** @param {number} time */
function isRecent(time) {
  return time > performance.now() - SPAN;
}
