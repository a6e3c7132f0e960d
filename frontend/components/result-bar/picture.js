// SPDX-License-Identifier: Apache-2.0
/** Around the picture, in pixels of the page. */
const MARGIN = 24;

/** More makes text sharp, and most canvases have a limit of 16,384 pixels. */
const SCALE = 2;
const LARGEST = 16_000;

/**
 * Draws elements as they look now: text, backgrounds, borders and canvases. The usual way, an image of SVG, is not allowed by
 * the page's Content-Security-Policy.
 * @param {readonly HTMLElement[]} parts below one another in the page; what is hidden is left out
 * @returns {Promise<Blob>} PNG
 */
export function picture(parts) {
  const shown = parts.filter((part) => part.checkVisibility());
  const boxes = shown.map((part) => part.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)) - MARGIN;
  const width = Math.max(...boxes.map((box) => box.right)) + MARGIN - left;
  const height = boxes.reduce((sum, box) => sum + box.height + MARGIN, MARGIN);
  const canvas = document.createElement("canvas");
  const scale = Math.min(SCALE, LARGEST / Math.max(width, height));
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(scale, scale);
  pen.fillStyle = getComputedStyle(document.body).backgroundColor;
  pen.fillRect(0, 0, width, height);
  let y = MARGIN;
  shown.forEach((part, at) => {
    pen.save();
    pen.translate(-left, y - boxes[at].top);
    draw(pen, part);
    pen.restore();
    y += boxes[at].height + MARGIN;
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser cannot draw a picture of this size"))), "image/png");
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Element} part
 */
function draw(pen, part) {
  if (!part.checkVisibility({ visibilityProperty: true }) || part.matches("button, input, .slider, .unseen")) return;
  const style = getComputedStyle(part);
  box(pen, part.getBoundingClientRect(), style);
  label(pen, part);
  if (part instanceof HTMLCanvasElement) {
    const { left, top, width, height } = part.getBoundingClientRect();
    pen.drawImage(part, left, top, width, height);
  }
  part.childNodes.forEach((child) => {
    if (child instanceof Element) draw(pen, child);
    else if (child instanceof Text) text(pen, child, style);
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {DOMRect} box
 * @param {CSSStyleDeclaration} style
 */
function box(pen, { left, top, width, height }, style) {
  if (style.display === "inline" || style.display === "contents") return;
  pen.fillStyle = style.backgroundColor;
  pen.fillRect(left, top, width, height);
  // Patterns are not drawn one by one: they only distinguish, as the border's colour does.
  if (style.backgroundImage.startsWith("repeating")) stripes(pen, { left, top, width, height }, style.borderTopColor);
  /** @type {[string, string, string, [number, number, number, number]][]} */
  const sides = [
    [style.borderTopStyle, style.borderTopWidth, style.borderTopColor, [left, top, width, parseFloat(style.borderTopWidth)]],
    [style.borderBottomStyle, style.borderBottomWidth, style.borderBottomColor, [left, top + height - parseFloat(style.borderBottomWidth), width, parseFloat(style.borderBottomWidth)]],
    [style.borderLeftStyle, style.borderLeftWidth, style.borderLeftColor, [left, top, parseFloat(style.borderLeftWidth), height]],
    [style.borderRightStyle, style.borderRightWidth, style.borderRightColor, [left + width - parseFloat(style.borderRightWidth), top, parseFloat(style.borderRightWidth), height]],
  ];
  for (const [kind, , color, rectangle] of sides) {
    if (kind === "none") continue;
    pen.fillStyle = color;
    pen.fillRect(...rectangle);
  }
}

const STRIPE = 3;
const STEP = 7;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{left: number, top: number, width: number, height: number}} box
 * @param {string} color
 */
function stripes(pen, { left, top, width, height }, color) {
  pen.fillStyle = color;
  for (let x = 0; x < width; x += STEP) pen.fillRect(left + x, top, Math.min(STRIPE, width - x), height);
}

/**
 * What CSS puts before a cell of a card: its column's name.
 * @param {CanvasRenderingContext2D} pen
 * @param {Element} part
 */
function label(pen, part) {
  const before = getComputedStyle(part, "::before");
  const [, content] = /^"(.*)"$/.exec(before.content) ?? [];
  if (content === undefined || content === "") return;
  const own = getComputedStyle(part);
  const { left, top } = part.getBoundingClientRect();
  write(pen, content, left + parseFloat(own.paddingLeft), top + parseFloat(own.paddingTop) + parseFloat(own.lineHeight) / 2, before);
}

/**
 * Line by line, where the page has broken them.
 * @param {CanvasRenderingContext2D} pen
 * @param {Text} node
 * @param {CSSStyleDeclaration} style
 */
function text(pen, node, style) {
  const range = document.createRange();
  /** @type {{words: string, box: DOMRect}[]} */
  const lines = [];
  for (const { 0: word, index } of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.trimEnd().length);
    const box = range.getBoundingClientRect();
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < box.height / 2) last.words += word;
    else lines.push({ words: word, box });
  }
  for (const { words, box } of lines) write(pen, words.trimEnd(), box.left, box.top + box.height / 2, style);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} words
 * @param {number} x
 * @param {number} y of the middle
 * @param {CSSStyleDeclaration} style
 */
function write(pen, words, x, y, style) {
  pen.fillStyle = style.color;
  pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.textBaseline = "middle";
  pen.fillText(words.replace(/\s+/g, " "), x, y);
}
