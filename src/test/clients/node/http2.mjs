// SPDX-License-Identifier: Apache-2.0
// HTTP/2 of Node.js itself: an event stream over TLS.
import { connect } from "node:http2";

const url = new URL(process.argv[2]);
const session = connect(url, { rejectUnauthorized: false });
const stream = session.request({ ":path": url.pathname + url.search });
stream.setEncoding("utf8");
let body = "";
stream.on("data", (text) => (body += text));
stream.on("end", () => {
  console.log(session.alpnProtocol === "h2" ? "HTTP/2.0" : session.alpnProtocol);
  process.stdout.write(body);
  session.close();
});
