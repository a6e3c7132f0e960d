// SPDX-License-Identifier: Apache-2.0
import { netcat, socketCode } from "../../client/commands.js";
import { TcpBridge } from "../../client/tcp-bridge.js";
import { ConnectionPanel } from "../connection-panel/connection-panel.js";
import { field, select } from "../element.js";

export class TcpPanel extends ConnectionPanel {
  #bridge;
  #ending = select({ "data-part": "ending" }, [
    ["", "UTF-8 bytes"],
    ["\n", "UTF-8 bytes and a newline (0a)"],
  ]);

  /** @type {import("../../client/server-info.js").ServerInfo} */
  #server = {};

  constructor() {
    const bridge = new TcpBridge();
    super(bridge, {
      title: "TCP",
      endpoint: "ws /tcp → TCP echo",
      summary: "A stream of bytes: they may come back split or joined. Browsers have no TCP, so the server connects.",
      unit: "Pieces",
      row: "websocket tcp",
    });
    this.#bridge = bridge;
  }

  /**
   * @protected
   * @param {string} sendingForm
   */
  settings(sendingForm) {
    this.#ending.setAttribute("form", sendingForm);
    return [field("Send as", this.#ending)];
  }

  /** @param {import("../../client/server-info.js").ServerInfo} server */
  set server(server) {
    this.#server = server;
  }

  /**
   * @protected
   * @param {() => string} text
   */
  copyables(text) {
    return [
      {
        name: "nc",
        text: () => (this.#server.echo ? netcat(this.#server.echo, text(), 1) : ""),
        missing: "The port of the TCP echo is not known here. The role observer may see it.",
      },
      { name: "JavaScript", text: () => socketCode(this.#bridge.address, text(), true) },
    ];
  }

  /**
   * @protected
   * @param {string} text
   */
  send(text) {
    this.#bridge.send(text + this.#ending.value);
  }
}
