// A Vitest reporter that ends the whole output with one plain line, `12 passed, 0 failed, 1 skipped`, for machines
// that read the result of a run. It adds nothing else: the default reporter runs beside it.
//
// The counts agree with the exit status: a file that cannot be loaded and an error outside any test count as failed.

/**
 * @param {readonly { state: () => string, children: { allTests: () => Iterable<{ result: () => { state: string } }> } }[]} modules
 * @param {readonly unknown[]} errors raised outside any test
 * @returns {string}
 */
export function summarize(modules, errors) {
  const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
  for (const module of modules) {
    const states = [...module.children.allTests()].map((test) => test.result().state);
    for (const state of states) count[/** @type {keyof typeof count} */ (state)] += 1;
    if (module.state() === "failed" && !states.includes("failed")) count.failed += 1;
  }
  const skipped = count.skipped + count.pending;
  return `${count.passed} passed, ${count.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** The reporter as Vitest loads it. */
export default class SummaryReporter {
  #line = "";

  onInit() {
    process.once("exit", () => {
      if (this.#line !== "") process.stdout.write(`${this.#line}\n`);
    });
  }

  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly unknown[]} errors
   */
  onTestRunEnd(modules, errors) {
    this.#line = summarize(modules, errors);
  }
}
