// SPDX-License-Identifier: Apache-2.0
import { socketCode, wscat } from "../../client/commands.js";
import { WebSocketEcho } from "../../client/websocket-echo.js";
import { ConnectionPanel } from "../connection-panel/connection-panel.js";
import { field, select } from "../element.js";

export class WebSocketPanel extends ConnectionPanel {
  #echo;
  #kind = select({ "data-part": "kind" }, [
    ["text", "Text message"],
    ["binary", "Binary message"],
  ]);

  constructor() {
    const echo = new WebSocketEcho();
    super(echo, {
      title: "WebSocket",
      endpoint: "ws /echo",
      summary: "Messages in both directions. Each comes back whole, with its own type.",
      unit: "Messages",
      row: "websocket echo",
    });
    this.#echo = echo;
  }

  /**
   * @protected
   * @param {string} sendingForm
   */
  settings(sendingForm) {
    this.#kind.setAttribute("form", sendingForm);
    return [field("Send as", this.#kind)];
  }

  /**
   * @protected
   * @param {() => string} text
   */
  copyables(text) {
    const { address } = this.#echo;
    return [
      { name: "wscat", text: () => wscat(address, text()) },
      { name: "JavaScript", text: () => socketCode(address, text()) },
    ];
  }

  /**
   * @protected
   * @param {string} text
   */
  send(text) {
    this.#echo.send(text, /** @type {import("../../client/websocket-echo.js").Kind} */ (this.#kind.value));
  }
}
