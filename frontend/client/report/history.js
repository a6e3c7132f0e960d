// SPDX-License-Identifier: Apache-2.0
import { BadShape } from "./shape.js";

/**
 * @template Result
 * @typedef {object} Entry a result that was kept
 * @property {number} id
 * @property {string} view
 * @property {string} name given by the user; may be empty
 * @property {Result} result
 */

/** Results of a view. The oldest goes first. */
export const MOST = 50;

const STORE = "results";

/**
 * The results of one view, in the browser's own store for this origin. Nothing of it is sent anywhere.
 * @template Result
 */
export class History {
  #view;
  #shape;

  /**
   * @param {string} view
   * @param {import("./shape.js").Shape<Result>} shape
   */
  constructor(view, shape) {
    this.#view = view;
    this.#shape = shape;
  }

  /** @returns {Promise<Entry<Result>[]>} the newest first */
  async all() {
    const kept = await inStore("readonly", (store) => store.index("view").getAll(this.#view));
    return kept.flatMap((/** @type {Entry<unknown>} */ entry) => this.#checked(entry)).reverse();
  }

  /**
   * @param {Result} result
   * @param {string} [name]
   * @returns {Promise<void>}
   */
  async add(result, name = "") {
    await inStore("readwrite", (store) => store.add({ view: this.#view, name, result }));
    const ids = await inStore("readonly", (store) => store.index("view").getAllKeys(this.#view));
    for (const id of ids.slice(0, -MOST)) await this.remove(id);
  }

  /**
   * @param {Entry<Result>} entry
   * @param {string} name
   */
  async rename(entry, name) {
    await inStore("readwrite", (store) => store.put({ ...entry, name }));
  }

  /** @param {number} id */
  async remove(id) {
    await inStore("readwrite", (store) => store.delete(id));
  }

  /**
   * What an older page kept may have another form.
   * @param {Entry<unknown>} entry
   * @returns {Entry<Result>[]}
   */
  #checked(entry) {
    try {
      return [{ ...entry, result: this.#shape(entry.result) }];
    } catch (error) {
      if (error instanceof BadShape) return [];
      throw error;
    }
  }
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>} rejected if this browser keeps nothing, as in some private windows
 */
async function inStore(mode, act) {
  const database = await opened();
  try {
    const transaction = database.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    await new Promise((resolve, reject) => {
      transaction.addEventListener("complete", resolve);
      transaction.addEventListener("abort", () => reject(transaction.error));
    });
    return request.result;
  } finally {
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("holdfast", 1);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true }).createIndex("view", "view");
    });
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
