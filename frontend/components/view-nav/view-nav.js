// SPDX-License-Identifier: Apache-2.0
/** Dispatched on the document, with the name of the view as its detail, when another view is shown. */
export const VIEW_CHANGE = "viewchange";

/**
 * Shows one of the page's views: a `main` and every element with the view's name in `data-view`. The address' fragment names it; without one it is the first. After the name there may be a `=` and a value, which is passed to the view's `show`.
 */
export class ViewNav extends HTMLElement {
  #listeners = new AbortController();
  #title = document.title;

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    window.addEventListener("hashchange", () => this.#follow(), { signal });
    this.#follow();
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  #follow() {
    const [, name, detail] = /^#?([^=]*)=?(.*)$/s.exec(location.hash) ?? [];
    const links = [...this.querySelectorAll("a")];
    const current = links.find((link) => link.hash === `#${name}`) ?? links[0];
    links.forEach((link) => {
      link.ariaCurrent = link === current ? "page" : null;
    });
    const view = current.hash.slice(1);
    /** @type {NodeListOf<HTMLElement>} */
    const parts = document.querySelectorAll("[data-view]");
    parts.forEach((part) => {
      part.hidden = part.dataset.view !== view;
      if (!part.hidden && part.localName === "main") this.#show(part.children[0], detail);
    });
    document.title = current === links[0] ? this.#title : `${current.textContent} – ${this.#title}`;
    document.dispatchEvent(new CustomEvent(VIEW_CHANGE, { detail: view }));
  }

  /**
   * @param {Element | undefined} view whose component may be still to be loaded
   * @param {string} detail
   */
  async #show(view, detail) {
    if (!view) return;
    await customElements.whenDefined(view.localName);
    if ("show" in view && typeof view.show === "function") view.show(detail);
  }
}
