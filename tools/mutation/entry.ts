/**
 * The tests that every mutant of a rule meets, in one module, by the small stand-in for vitest.
 */
import "../../packages/tensor/src/transform/derivatives.test.ts";
import "../../packages/tensor/src/library/custom-vjp.test.ts";
import "../../packages/tensor/src/library/scan-residuals.test.ts";
import "../../packages/tensor/src/rules/control-flow-batch.test.ts";
import "../../packages/tensor/src/rules/spread-of-marks.test.ts";
import "../../packages/tensor/src/library/custom-solve.test.ts";
import "../../packages/tensor/src/transform/jet.test.ts";
import "../../packages/tensor/src/transform/linearize.test.ts";
import "../../packages/tensor/src/transform/special-points.test.ts";
import "../../packages/tensor/src/library/custom-derivatives.test.ts";
import "../../packages/tensor/src/target/targets.test.ts";
import "../../packages/tensor/src/transform/gradient-of-batch.test.ts";
import { prove } from "../../packages/tensor/src/testing/random/prove.ts";
import { emitOne } from "../../packages/tensor/src/trace/builder.ts";
import { isTensor } from "../../packages/tensor/src/trace/tensor.ts";
import { test } from "./small-vitest.js";

export { currentTest, runTests, testCount } from "./small-vitest.js";

// Some random programs, without a target: targets are not what is changed here.
for (let seed = 1; seed < 300; seed++) {
  if (seed % 4 === 0) continue;
  test(`random program ${seed}`, () => {
    const { failure } = prove(seed, []);
    if (failure !== null) throw new Error(failure.verdict);
  });
}

/** What a mutant makes of a tensor: its negative, or its complement; nothing of anything else. */
export function negate(value: unknown): unknown {
  if (!isTensor(value)) return value;
  return emitOne(value.dtype === "bool" ? "not" : "neg", {}, [value]);
}
