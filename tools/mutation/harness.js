// The contract tests against one mutant, in a process of its own, or without a mutant to learn which tests reach which.
//
// In: the bundle of the tests, the number of the mutant (0: none), the file of what is reached (written for 0). Prints
// what caught the mutant, or "survived".
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

/**
 * @typedef {object} Reached
 * @property {Record<string, number[]>} tests the tests that reach each mutant, the fastest first; -1: all do
 */

const [bundle = "", mutant = "0", file = ""] = process.argv.slice(2);
/** @typedef {{ isMutant: (id: number) => boolean, negate: (value: unknown) => unknown }} Globals */
const globals = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
/** @type {typeof import("./entry.ts") | undefined} */
let tests;
globals.negate = (value) => tests?.negate(value);

const verdict = await (mutant === "0" ? learn() : challenge(Number(mutant))).catch(
  (error) => `load: ${error instanceof Error ? error.message : String(error)}`,
);
console.log(verdict ?? "survived");
process.exit(0);

async function load() {
  tests = await import(pathToFileURL(bundle).href);
  return /** @type {NonNullable<typeof tests>} */ (tests);
}

/** @param {number} id */
async function challenge(id) {
  globals.isMutant = (other) => other === id;
  /** @type {Reached} */
  const reached = JSON.parse(readFileSync(file, "utf8"));
  const own = reached.tests[id];
  const { runTests, testCount } = await load();
  const numbers = own?.[0] === -1 ? Array.from({ length: testCount() }, (_, i) => i) : own;
  return numbers === undefined ? "never reached" : await runTests(numbers);
}

async function learn() {
  /** @type {Map<number, Set<number>>} */
  const reached = new Map();
  globals.isMutant = (id) => {
    const own = reached.get(id) ?? new Set();
    reached.set(id, own.add(tests?.currentTest() ?? -1));
    return false;
  };
  const { runTests, testCount } = await load();
  if (testCount() < 300) return `${testCount()} tests`;
  /** @type {number[]} */
  const seconds = [];
  for (let number = 0; number < testCount(); number++) {
    const start = performance.now();
    const failure = await runTests([number]);
    if (failure !== null) return failure;
    seconds.push(performance.now() - start);
  }
  const cost = (/** @type {number} */ number) => (number < 0 ? -1 : (seconds[number] ?? 0));
  const sorted = [...reached].map(([id, own]) => [id, [...own].sort((a, b) => cost(a) - cost(b))]);
  writeFileSync(file, JSON.stringify({ tests: Object.fromEntries(sorted) }));
  return null;
}
