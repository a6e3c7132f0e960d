/**
 * A name for this page's connections, by which the server's list of all connections shows which are ours.
 * crypto.randomUUID would need a secure context, which plain http to another host is not.
 */
export function randomLabel() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
