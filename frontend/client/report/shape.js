// SPDX-License-Identifier: Apache-2.0
/**
 * Checks a value from outside and returns it with its type, or throws a `BadShape`.
 * @template Value
 * @typedef {(value: unknown) => Value} Shape
 */

/** A value does not have the expected shape. */
export class BadShape extends Error {}

/**
 * @param {number} least
 * @param {number} most
 * @returns {Shape<number>}
 */
export function number(least, most) {
  return (value) => {
    if (typeof value !== "number" || !(value >= least && value <= most)) {
      throw new BadShape(`a number from ${least} to ${most} was expected`);
    }
    return value;
  };
}

/**
 * @param {number} longest
 * @returns {Shape<string>}
 */
export function text(longest) {
  return (value) => {
    if (typeof value !== "string" || value.length > longest) {
      throw new BadShape(`a text of up to ${longest} characters was expected`);
    }
    return value;
  };
}

/** @type {Shape<boolean>} */
export const yesOrNo = (value) => {
  if (typeof value !== "boolean") throw new BadShape("true or false was expected");
  return value;
};

/**
 * @template {string} Word
 * @param {readonly Word[]} words
 * @returns {Shape<Word>}
 */
export function oneOf(words) {
  return (value) => {
    const word = words.find((known) => known === value);
    if (word === undefined) throw new BadShape(`one of ${words.join(", ")} was expected`);
    return word;
  };
}

/**
 * @template Value
 * @param {Shape<Value>} shape
 * @returns {Shape<Value | undefined>}
 */
export function optional(shape) {
  return (value) => (value === undefined || value === null ? undefined : shape(value));
}

/**
 * @template Value
 * @param {Shape<Value>} shape
 * @param {number} most
 * @returns {Shape<Value[]>}
 */
export function list(shape, most) {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) throw new BadShape(`a list of up to ${most} was expected`);
    return value.map(shape);
  };
}

/**
 * @template {Record<string, Shape<any>>} Shapes
 * @param {Shapes} shapes by the properties' names; others are left out
 * @returns {Shape<{[Name in keyof Shapes]: ReturnType<Shapes[Name]>}>}
 */
export function object(shapes) {
  return (value) => {
    if (typeof value !== "object" || value === null) throw new BadShape("an object was expected");
    const given = new Map(Object.entries(value));
    const taken = Object.entries(shapes).map(([name, shape]) => [name, within(name, shape, given.get(name))]);
    return Object.fromEntries(taken);
  };
}

/**
 * @param {string} name
 * @param {Shape<any>} shape
 * @param {unknown} value
 */
function within(name, shape, value) {
  try {
    return shape(value);
  } catch (error) {
    throw error instanceof BadShape ? new BadShape(`${name}: ${error.message}`) : error;
  }
}
