// SPDX-License-Identifier: Apache-2.0
import { element } from "../element.js";

/** No two are open at a time: they are modal. */
const ID = "confirm";

/**
 * Asks before something that cannot be undone. Escape and the first button, which has the focus, mean no.
 * @param {string} question
 * @param {string} consequence
 * @param {string} verb on the button that means yes
 * @param {AbortSignal} signal closes it
 * @returns {Promise<boolean>}
 */
export function confirmed(question, consequence, verb, signal) {
  const dialog = element(
    "dialog",
    { id: ID, role: "alertdialog", "aria-labelledby": `${ID}-title`, "aria-describedby": `${ID}-text` },
    element(
      "form",
      { method: "dialog" },
      element("h2", { id: `${ID}-title` }, question),
      element("p", { id: `${ID}-text` }, consequence),
      element(
        "div",
        { class: "buttons" },
        element("button", { value: "", "data-part": "no" }, "Cancel"),
        element("button", { value: "yes", class: "danger", "data-part": "yes" }, verb),
      ),
    ),
  );
  document.body.append(dialog);
  signal.addEventListener("abort", () => dialog.close(), { once: true });
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    }, { once: true });
  });
}
