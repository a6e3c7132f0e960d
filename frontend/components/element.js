// SPDX-License-Identifier: Apache-2.0
/**
 * Makes an element with its attributes and children. `true` sets an empty attribute; `false` and undefined set none.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * Registers components, except those that another view has registered already.
 * @param {Record<string, CustomElementConstructor>} components
 */
export function define(components) {
  for (const [name, component] of Object.entries(components)) {
    if (!customElements.get(name)) customElements.define(name, component);
  }
}

/**
 * A control under its label.
 * @param {string} name
 * @param {HTMLElement} control
 */
export function field(name, control) {
  return element("label", { class: "field" }, element("span", { class: "field-name" }, name), control);
}

/**
 * @param {Record<string, string | boolean>} attributes
 * @param {[value: string, name: string][]} options
 */
export function select(attributes, options) {
  return element("select", attributes, ...options.map(([value, name]) => element("option", { value }, name)));
}

/**
 * Keeps a button disabled while its action is not allowed, with the reason as text that describes it.
 * @param {HTMLButtonElement} button
 * @param {string} id of the reason
 */
export function denial(button, id) {
  const reason = element("p", { class: "denial", id, "data-part": `${button.dataset.part}-denied`, hidden: true });
  return {
    reason,
    /**
     * @param {string} why empty if it is allowed
     * @param {boolean} [busy] whether it is disabled for another reason
     */
    show(why, busy = false) {
      say(reason, why && `${why}.`);
      reason.hidden = why === "";
      button.disabled = busy || why !== "";
      if (why === "") button.removeAttribute("aria-describedby");
      else button.setAttribute("aria-describedby", id);
    },
  };
}

/**
 * Sets text only where it differs, so that selections survive and assistive technology hears no echo.
 * @param {Element} target
 * @param {string} text
 */
export function say(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
