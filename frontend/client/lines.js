// SPDX-License-Identifier: Apache-2.0
/** Milliseconds of reading after which the page gets time to paint and to handle events. */
const TURN = 12;

/**
 * The lines of a byte stream, ended by LF, CR LF or CR. The rest after the last line end is not a line.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {(size: number) => void} arrived told the size of every piece as it comes
 * @returns {AsyncGenerator<string, void, void>}
 */
export async function* lines(stream, arrived) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let turn = performance.now();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    arrived(value.length);
    const text = rest + decoder.decode(value, { stream: true });
    // A CR at the very end may be the first half of a CR LF.
    const parts = text.split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop() ?? "";
    for (const part of parts) {
      yield part;
      // While more is buffered, reading goes on in microtasks, and a server that never pauses would freeze the page.
      if (performance.now() - turn > TURN) {
        await new Promise((resolve) => setTimeout(resolve));
        turn = performance.now();
      }
    }
  }
}
