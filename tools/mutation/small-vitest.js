// The part of vitest that contract tests use, without the rest: tests are gathered, run in order, and the first that
// fails ends the run.
import assert from "node:assert/strict";

/** @typedef {(...values: any[]) => unknown} Run */

/** @type {{ name: string, run: () => unknown }[]} */
const tests = [];
/** @type {string[]} */
const path = [];

/** @param {string} pattern @param {readonly unknown[]} values */
function titleOf(pattern, values) {
  let next = 0;
  return pattern.replaceAll(/%[sidj]/g, () => String(values[next++]));
}

/** @param {(name: string, run: Run) => void} declare */
function withEach(declare) {
  const each =
    (/** @type {readonly unknown[]} */ table) =>
    (/** @type {string} */ pattern, /** @type {unknown[]} */ ...rest) => {
      const run = /** @type {Run} */ (rest.find((one) => typeof one === "function"));
      for (const row of table) {
        const values = Array.isArray(row) ? row : [row];
        declare(titleOf(pattern, values), () => run(...values));
      }
    };
  const skip = Object.assign(() => undefined, { each: () => () => undefined });
  const skipIf = (/** @type {boolean} */ no) => (no ? skip : api);
  const api = Object.assign(
    (/** @type {string} */ name, /** @type {unknown[]} */ ...rest) => {
      declare(name, /** @type {Run} */ (rest.find((one) => typeof one === "function")));
    },
    { each, skip, skipIf },
  );
  return api;
}

export const describe = withEach((name, run) => {
  path.push(name);
  run();
  path.pop();
});

export const test = withEach((name, run) => {
  tests.push({ name: [...path, name].join(" > "), run });
});

export const it = test;

/** @param {any} found @param {string} [message] @returns {any} */
export function expect(found, message) {
  const holds = (/** @type {unknown} */ fact, /** @type {unknown} */ expected) =>
    assert.ok(fact, `${message ?? ""} ${String(found)} against ${String(expected)}`);
  const matchers = (/** @type {(fact: unknown, expected: unknown) => void} */ ask) => ({
    toBe: (/** @type {unknown} */ wanted) => ask(Object.is(found, wanted), wanted),
    toBeNull: () => ask(found === null, null),
    toBeNaN: () => ask(Number.isNaN(found), "NaN"),
    toBeUndefined: () => ask(found === undefined, undefined),
    toBeDefined: () => ask(found !== undefined, "something"),
    toBeLessThan: (/** @type {number} */ bound) => ask(found < bound, bound),
    toBeLessThanOrEqual: (/** @type {number} */ bound) => ask(found <= bound, bound),
    toBeGreaterThan: (/** @type {number} */ bound) => ask(found > bound, bound),
    toBeGreaterThanOrEqual: (/** @type {number} */ bound) => ask(found >= bound, bound),
    toBeCloseTo: (/** @type {number} */ wanted, /** @type {number} */ digits = 2) =>
      ask(Object.is(found, wanted) || Math.abs(found - wanted) < 10 ** -digits / 2, wanted),
    toContain: (/** @type {unknown} */ part) => ask(found.includes(part), part),
    toHaveLength: (/** @type {number} */ length) => ask(found.length === length, length),
    toMatch: (/** @type {RegExp | string} */ pattern) => ask(new RegExp(pattern).test(found), pattern),
    toMatchInlineSnapshot: (/** @type {string} */ text) => ask(sameLines(String(found), text), text),
    toEqual: (/** @type {unknown} */ wanted) => ask(isSame(found, wanted), JSON.stringify(wanted)),
    toStrictEqual: (/** @type {unknown} */ wanted) => ask(isSame(found, wanted), JSON.stringify(wanted)),
    toMatchObject: (/** @type {unknown} */ wanted) => ask(hasAll(found, wanted), JSON.stringify(wanted)),
    toThrow: (/** @type {RegExp | string | undefined} */ pattern) => ask(throws(found, pattern), pattern),
  });
  return { ...matchers(holds), not: matchers((fact, expected) => holds(!fact, expected)) };
}

expect.fail = (/** @type {string} */ message) => assert.fail(message);

/** @param {() => unknown} run @param {RegExp | string | undefined} pattern */
function throws(run, pattern) {
  try {
    run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (pattern === undefined) return true;
    return typeof pattern === "string" ? message.includes(pattern) : pattern.test(message);
  }
  return false;
}

/** @param {string} a @param {string} b */
function sameLines(a, b) {
  const lines = (/** @type {string} */ text) =>
    text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean)
      .join("\n");
  return lines(a.replace(/^"|"$/g, "")) === lines(b.trim().replace(/^"|"$/g, ""));
}

/** @param {unknown} a @param {unknown} b */
function isSame(a, b) {
  try {
    assert.deepStrictEqual(a, b);
    return true;
  } catch {
    return false;
  }
}

/** Whether what is wanted is all there, at any depth; more may be. @param {any} found @param {any} wanted @returns {boolean} */
function hasAll(found, wanted) {
  const isNest = Array.isArray(wanted) || Object.getPrototypeOf(wanted ?? 0) === Object.prototype;
  if (!isNest || typeof found !== "object" || found === null) return isSame(found, wanted);
  return Object.entries(wanted).every(([key, value]) => hasAll(found[key], value));
}

/** The test that runs now; -1 before the first. */
let current = -1;
export const currentTest = () => current;

/** How many tests there are. */
export const testCount = () => tests.length;

/** Runs the tests of these numbers; the name of the first that fails and why, or null. @param {readonly number[]} numbers */
export async function runTests(numbers) {
  for (const number of numbers) {
    const { name, run } = /** @type {(typeof tests)[number]} */ (tests[number]);
    current = number;
    try {
      await run();
    } catch (error) {
      return `${name}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 300);
    }
  }
  return null;
}
