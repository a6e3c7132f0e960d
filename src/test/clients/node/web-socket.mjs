// SPDX-License-Identifier: Apache-2.0
/** Any WebSocket with the interface that browsers have. */
import assert from "node:assert";
import { Queue, channel, service } from "./scenario.mjs";

export class WebSocketClient {
  constructor(WebSocket) {
    this.WebSocket = WebSocket;
  }

  async echo(text) {
    const socket = new this.WebSocket(`ws://${service}/echo`, ["first", "second"]);
    const connection = await Connection.open(socket);
    assert.equal(socket.protocol, "first");
    connection.send(text);
    const answer = await connection.nextText();
    await connection.close();
    return answer;
  }

  async subscribe(position) {
    const socket = new this.WebSocket(`ws://${service}/channels`, ["holdfast.v1"]);
    const connection = await Connection.open(socket);
    assert.equal(socket.protocol, "holdfast.v1");
    connection.command("subscribe", position ? { from: position } : {});
    return connection;
  }
}

class Connection {
  #socket;
  #messages = new Queue();

  static async open(socket) {
    const connection = new Connection(socket);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", (event) => reject(event.error));
    });
    return connection;
  }

  constructor(socket) {
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#messages.push(event.data));
  }

  send(text) {
    this.#socket.send(text);
  }

  command(type, fields) {
    this.send(JSON.stringify({ type, channel, ...fields }));
  }

  nextText() {
    return this.#messages.next();
  }

  async next() {
    return JSON.parse(await this.nextText());
  }

  publish(data) {
    this.command("publish", { data });
  }

  async close() {
    const closed = new Promise((resolve) => this.#socket.addEventListener("close", resolve));
    this.#socket.close(1000);
    await closed;
  }
}
